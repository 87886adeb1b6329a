//! Reads files inside the allowed roots. Whatever the path says, its real place on disk decides.

#![expect(clippy::disallowed_methods, reason = "cli is the only layer that reads the disk")]

use crate::source::{Files, ReadError, normalize};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Larger files are refused: no template or module comes near, and a run must not exhaust memory.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Plans are written by Terraform and hold every value several times.
const MAX_PLAN_BYTES: u64 = 512 * 1024 * 1024;

/// How many entries one listing or walk may visit.
const MAX_ENTRIES: usize = 100_000;

/// A place that may be read, as a real path: without symbolic links and `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Allowed {
    /// Everything below a directory.
    Tree(PathBuf),
    /// The files of a directory, not those of its subdirectories.
    Directory(PathBuf),
    /// One file, which need not exist.
    File(PathBuf),
}

impl Allowed {
    fn permits(&self, real: &Path) -> bool {
        match self {
            Self::Tree(root) => real.starts_with(root),
            Self::Directory(directory) => real == directory || real.parent() == Some(directory.as_path()),
            Self::File(file) => real == file,
        }
    }

    /// Whether it may be told that a directory lacks an entry.
    fn permits_looking_in(&self, directory: &Path) -> bool {
        match self {
            Self::Tree(root) => directory.starts_with(root),
            Self::Directory(allowed) => directory == allowed,
            Self::File(_) => false,
        }
    }
}

/// The disk as far as it may be read: the working directory when something linted lies inside it, what is linted,
/// and what the user allowed besides.
#[derive(Debug)]
pub struct Disk {
    working_directory: PathBuf,
    allowed: Vec<Allowed>,
}

impl Disk {
    /// `roots` are the linted paths; a file among them opens its directory too, because a Terraform file means nothing
    /// without its neighbours. `extra` opens a directory with all below it, or just the one file.
    pub fn new(roots: &[PathBuf], extra: &[PathBuf]) -> Self {
        let working_directory = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
        let mut disk = Self { working_directory, allowed: Vec::new() };
        // In a container the working directory is often `/`, which must not open the whole disk.
        let is_project = disk.working_directory.parent().is_some();
        for root in roots {
            let real = disk.real_or_given(root);
            if is_project && real.starts_with(&disk.working_directory) {
                disk.allow(Allowed::Tree(disk.working_directory.clone()));
            } else if real.is_dir() {
                disk.allow(Allowed::Tree(real));
            } else {
                let directory = real.parent().map(Path::to_path_buf);
                disk.allow(directory.map_or(Allowed::File(real), Allowed::Directory));
            }
        }
        for path in extra {
            let real = disk.real_or_given(path);
            disk.allow(if real.is_dir() { Allowed::Tree(real) } else { Allowed::File(real) });
        }
        disk
    }

    fn allow(&mut self, place: Allowed) {
        if !self.allowed.contains(&place) {
            self.allowed.push(place);
        }
    }

    fn real_or_given(&self, path: &Path) -> PathBuf {
        let absolute = self.absolute(&path.to_string_lossy());
        fs::canonicalize(&absolute).unwrap_or(absolute)
    }

    fn absolute(&self, path: &str) -> PathBuf {
        self.working_directory.join(normalize(path))
    }

    /// The real path, if it may be read. Of what lies outside it is not even told whether it exists.
    fn real_path(&self, path: &str) -> Result<PathBuf, ReadError> {
        let absolute = self.absolute(path);
        match fs::canonicalize(&absolute) {
            Ok(real) if self.permits(&real) => Ok(real),
            Ok(_) => Err(ReadError::OutsideRoots),
            Err(error) if self.permits_failure(&absolute) => Err(read_error(&error)),
            Err(_) => Err(ReadError::OutsideRoots),
        }
    }

    fn permits(&self, real: &Path) -> bool {
        self.allowed.iter().any(|place| place.permits(real))
    }

    /// Whether the reason why `absolute` has no real path may be told: it is a file that the user named, or the nearest
    /// directory that exists may be looked into.
    fn permits_failure(&self, absolute: &Path) -> bool {
        if self.allowed.contains(&Allowed::File(absolute.to_path_buf())) {
            return true;
        }
        absolute
            .ancestors()
            .skip(1)
            .find_map(|ancestor| fs::canonicalize(ancestor).ok())
            .is_some_and(|directory| self.allowed.iter().any(|place| place.permits_looking_in(&directory)))
    }

    /// The real path of a regular file of bearable size. Pipes and devices are refused before they are opened, because
    /// opening one may wait for ever.
    fn regular_file(&self, path: &str, limit: u64) -> Result<PathBuf, ReadError> {
        let real = self.real_path(path)?;
        let metadata = fs::metadata(&real).map_err(|error| read_error(&error))?;
        check_regular(&metadata)?;
        if metadata.len() > limit {
            return Err(ReadError::TooLarge(limit));
        }
        Ok(real)
    }

    fn read_up_to(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let real = self.regular_file(path, limit)?;
        let file = File::open(&real).map_err(|error| read_error(&error))?;
        let mut bytes = Vec::new();
        // The file may have grown since its size was looked at.
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
            return Err(ReadError::TooLarge(limit));
        }
        Ok(bytes)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anything that is no directory. A pipe, a device or a link out of the roots is told when it is read.
    File,
    Directory,
    LinkedDirectory,
}

impl Files for Disk {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_up_to(path, MAX_FILE_BYTES)
    }

    fn open_large(&self, path: &str) -> Result<Box<dyn io::Read>, ReadError> {
        let file = File::open(self.regular_file(path, MAX_PLAN_BYTES)?).map_err(|error| read_error(&error))?;
        // The file may grow while it is read: it then ends early, which is an error in it.
        Ok(Box::new(file.take(MAX_PLAN_BYTES)))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let real = self.real_path(directory)?;
        let mut names: Vec<String> = entries(&real)?
            .into_iter()
            .filter(|(_, kind)| *kind == Kind::File)
            .filter_map(|(path, _)| path.file_name().map(|name| name.to_string_lossy().into_owned()))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Directories behind symbolic links are not entered, so that a walk ends and stays inside.
    fn walk(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let root = self.real_path(directory)?;
        let mut found = Vec::new();
        let mut visited = 0;
        let mut pending = vec![root.clone()];
        while let Some(next) = pending.pop() {
            if !self.permits(&next) {
                continue;
            }
            let inside = entries(&next)?;
            visited += inside.len();
            if visited > MAX_ENTRIES {
                return Err(too_many_entries());
            }
            for (path, kind) in inside {
                match kind {
                    Kind::Directory => pending.push(path),
                    Kind::File => found.push(slashes(path.strip_prefix(&root).unwrap_or(&path))),
                    Kind::LinkedDirectory => {}
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn exists(&self, path: &str) -> bool {
        self.regular_file(path, MAX_PLAN_BYTES).is_ok()
    }
}

/// A directory's entries with what each is, bounded in number.
fn entries(real: &Path) -> Result<Vec<(PathBuf, Kind)>, ReadError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(real).map_err(|error| read_error(&error))? {
        let entry = entry.map_err(|error| read_error(&error))?;
        let kind = entry.file_type().map_err(|error| read_error(&error))?;
        let kind = if kind.is_dir() {
            Kind::Directory
        } else if kind.is_symlink() && entry.path().is_dir() {
            Kind::LinkedDirectory
        } else {
            Kind::File
        };
        if entries.len() == MAX_ENTRIES {
            return Err(too_many_entries());
        }
        entries.push((entry.path(), kind));
    }
    Ok(entries)
}

fn check_regular(metadata: &Metadata) -> Result<(), ReadError> {
    if metadata.is_dir() {
        Err(ReadError::Failed("is a directory".to_owned()))
    } else if metadata.is_file() {
        Ok(())
    } else {
        Err(ReadError::Failed("is not a regular file".to_owned()))
    }
}

fn too_many_entries() -> ReadError {
    ReadError::Failed(format!("holds more than {MAX_ENTRIES} entries"))
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Failed(error.to_string()),
    }
}

/// A path as text with forward slashes. A name that is not Unicode keeps a replacement character, and fails when read.
pub(crate) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// A tree `inside/{main.tf, sub/a.txt}` beside `outside/secret`.
    fn tree() -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir_all(root.join("inside/sub")).unwrap();
        fs::create_dir_all(root.join("outside")).unwrap();
        fs::write(root.join("inside/main.tf"), "a = 1\n").unwrap();
        fs::write(root.join("inside/sub/a.txt"), "a").unwrap();
        fs::write(root.join("outside/secret"), "s").unwrap();
        directory
    }

    fn name(directory: &TempDir, path: &str) -> String {
        slashes(&directory.path().join(path))
    }

    #[test]
    fn reads_lists_and_walks_inside() {
        let directory = tree();
        let disk = Disk::new(&[directory.path().join("inside")], &[]);
        assert_eq!(disk.read(&name(&directory, "inside/main.tf")).unwrap(), "a = 1\n");
        assert_eq!(disk.list(&name(&directory, "inside")).unwrap(), ["main.tf"]);
        assert_eq!(disk.walk(&name(&directory, "inside")).unwrap(), ["main.tf", "sub/a.txt"]);
        assert!(disk.exists(&name(&directory, "inside/sub/../main.tf")));
        assert_eq!(disk.read(&name(&directory, "inside/none.tf")), Err(ReadError::NotFound));
        assert!(matches!(disk.read(&name(&directory, "inside/sub")), Err(ReadError::Failed(_))));
    }

    #[test]
    fn refuses_what_lies_outside_and_does_not_tell_whether_it_exists() {
        let directory = tree();
        let disk = Disk::new(&[directory.path().join("inside")], &[]);
        for path in ["inside/../outside/secret", "outside/none", "outside"] {
            assert_eq!(disk.read(&name(&directory, path)), Err(ReadError::OutsideRoots), "{path}");
        }
        assert_eq!(disk.walk(&name(&directory, "outside")), Err(ReadError::OutsideRoots));
        assert_eq!(disk.read("/etc/passwd"), Err(ReadError::OutsideRoots));
    }

    #[test]
    fn allowed_files_and_directories_open_themselves_only() {
        let directory = tree();
        let outside = directory.path().join("outside");
        fs::write(outside.join("other"), "o").unwrap();
        let one = Disk::new(&[directory.path().join("inside")], &[outside.join("secret"), outside.join("none")]);
        assert!(one.exists(&name(&directory, "outside/secret")));
        assert_eq!(one.read(&name(&directory, "outside/none")), Err(ReadError::NotFound));
        assert_eq!(one.read(&name(&directory, "outside/other")), Err(ReadError::OutsideRoots));
        let all = Disk::new(&[directory.path().join("inside")], &[outside]);
        assert!(all.exists(&name(&directory, "outside/other")));
    }

    #[test]
    fn a_linted_file_opens_its_neighbours_but_no_subdirectory() {
        let directory = tree();
        let disk = Disk::new(&[directory.path().join("inside/main.tf")], &[]);
        assert_eq!(disk.list(&name(&directory, "inside")).unwrap(), ["main.tf"]);
        assert_eq!(disk.read(&name(&directory, "inside/sub/a.txt")), Err(ReadError::OutsideRoots));
    }

    #[test]
    fn refuses_files_over_the_limit() {
        let directory = tree();
        File::create(directory.path().join("inside/big.json")).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        let disk = Disk::new(&[directory.path().join("inside")], &[]);
        assert_eq!(disk.read(&name(&directory, "inside/big.json")), Err(ReadError::TooLarge(MAX_FILE_BYTES)));
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_roots_are_refused_and_not_walked() {
        use std::os::unix::fs::symlink;
        let directory = tree();
        let root = directory.path();
        symlink(root.join("outside/secret"), root.join("inside/link.tf")).unwrap();
        symlink(root.join("outside"), root.join("inside/linked")).unwrap();
        symlink(root.join("inside/main.tf"), root.join("inside/same.tf")).unwrap();
        symlink("/dev/zero", root.join("inside/zero.tf")).unwrap();
        let disk = Disk::new(&[root.join("inside")], &[]);
        assert_eq!(disk.read(&name(&directory, "inside/link.tf")), Err(ReadError::OutsideRoots));
        assert_eq!(disk.read(&name(&directory, "inside/zero.tf")), Err(ReadError::OutsideRoots));
        assert_eq!(disk.read(&name(&directory, "inside/linked/none")), Err(ReadError::OutsideRoots));
        assert!(disk.exists(&name(&directory, "inside/same.tf")));
        let walked = disk.walk(&name(&directory, "inside")).unwrap();
        assert_eq!(walked, ["link.tf", "main.tf", "same.tf", "sub/a.txt", "zero.tf"]);
    }

    #[cfg(unix)]
    #[test]
    fn special_files_are_refused_without_opening_them() {
        let directory = tree();
        let _socket = std::os::unix::net::UnixListener::bind(directory.path().join("inside/socket.tf")).unwrap();
        let disk = Disk::new(&[directory.path().join("inside")], &[]);
        assert!(matches!(disk.read(&name(&directory, "inside/socket.tf")), Err(ReadError::Failed(_))));
    }
}
