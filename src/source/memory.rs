//! Files that are in memory only.

use super::{Files, ReadError, normalize};
use std::collections::BTreeMap;

/// Contents by their normalised path. What leads out of the working directory is refused, as on disk.
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    /// All paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

impl<P: AsRef<str>, T: Into<Vec<u8>>> FromIterator<(P, T)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        Self(files.into_iter().map(|(path, text)| (normalize(path.as_ref()), text.into())).collect())
    }
}

impl Files for Memory {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = inside(path)?;
        self.0.get(&path).cloned().ok_or(ReadError::NotFound)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        Ok(self.walk(directory)?.into_iter().filter(|path| !path.contains('/')).collect())
    }

    fn walk(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let directory = inside(directory)?;
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect())
    }
}

/// The normalised path, if it does not lead out.
fn inside(path: &str) -> Result<String, ReadError> {
    let path = normalize(path);
    if path.starts_with("..") || path.starts_with('/') { Err(ReadError::OutsideRoots) } else { Ok(path) }
}
