//! Texts, spans and positions. Knows bytes and lines; knows neither disk nor languages.

mod memory;

pub use memory::Memory;

use std::collections::HashMap;
use std::fmt;
use std::io::{Cursor, Read};
use std::sync::{Arc, PoisonError, RwLock};

/// Identifies a source text within one [`Sources`]. Ids carry no order that output may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A half-open range of byte offsets in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Offsets beyond `u32` are clamped: files over 4 GiB are refused long before.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that covers both; `self` when the files differ.
    pub fn join(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// Line and column count from 1, columns in Unicode scalar values; `offset` in bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

/// One source text with its line starts.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    fn new(path: String, text: Arc<str>) -> Self {
        let mut line_starts = vec![0];
        for (index, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(index + 1).unwrap_or(u32::MAX));
            }
        }
        Self { path, text, line_starts }
    }

    /// Path relative to the working directory, with forward slashes.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Zero-based index of the line that holds `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Byte offset at which the zero-based line starts; the text's length past the last line.
    pub fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line).map_or(self.text.len(), |start| *start as usize)
    }

    /// The zero-based line's text without its line break.
    pub fn line_text(&self, line: usize) -> &str {
        let text = self.text.get(self.line_start(line)..self.line_start(line + 1)).unwrap_or("");
        text.trim_end_matches(['\n', '\r'])
    }

    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_index(offset);
        let before = self.text.get(self.line_start(line)..offset).unwrap_or("");
        Position { line: line + 1, column: before.chars().count() + 1, offset }
    }
}

#[derive(Default)]
struct Registry {
    files: Vec<Arc<Source>>,
    by_path: HashMap<String, FileId>,
}

/// All texts of a run. Grows while files are read in parallel; a path is stored once.
#[derive(Default)]
pub struct Sources {
    registry: RwLock<Registry>,
}

impl Sources {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text, or returns the id under which the path is known already.
    pub fn add(&self, path: &str, text: impl Into<Arc<str>>) -> FileId {
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = registry.by_path.get(path) {
            return *id;
        }
        let id = FileId(u32::try_from(registry.files.len()).unwrap_or(u32::MAX));
        registry.files.push(Arc::new(Source::new(path.to_owned(), text.into())));
        registry.by_path.insert(path.to_owned(), id);
        id
    }

    pub fn get(&self, file: FileId) -> Option<Arc<Source>> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry.files.get(file.0 as usize).map(Arc::clone)
    }

    /// All texts so far, by path.
    pub fn files(&self) -> Vec<(FileId, Arc<Source>)> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let ids = (0..).map(FileId).zip(registry.files.iter().map(Arc::clone));
        let mut files: Vec<_> = ids.collect();
        files.sort_by(|first, second| first.1.path().cmp(second.1.path()));
        files
    }

    pub fn find(&self, path: &str) -> Option<FileId> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner).by_path.get(path).copied()
    }

    /// The text that the span covers; empty when the span does not fit its file.
    pub fn snippet(&self, span: Span) -> String {
        self.get(span.file)
            .and_then(|source| source.text().get(span.start as usize..span.end as usize).map(str::to_owned))
            .unwrap_or_default()
    }

    /// Path of the span's file; empty for an id of another run.
    pub fn path(&self, file: FileId) -> String {
        self.get(file).map(|source| source.path().to_owned()).unwrap_or_default()
    }

    pub fn position(&self, file: FileId, offset: u32) -> Position {
        self.get(file).map_or(Position { line: 1, column: 1, offset: 0 }, |source| source.position(offset as usize))
    }

    /// `path:line` of the span's start, as shown beside paths and in notes.
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.path(span.file), self.position(span.file, span.start).line)
    }

    /// A key that orders spans by path and offset, the order of all output.
    pub fn order(&self, span: Span) -> (String, u32, u32) {
        (self.path(span.file), span.start, span.end)
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").finish_non_exhaustive()
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The path leads out of what may be read, by `..`, an absolute path or a symbolic link.
    OutsideRoots,
    NotFound,
    NotUtf8,
    /// Larger than the limit, which is given in bytes.
    TooLarge(u64),
    /// Any other failure, in the operating system's words.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideRoots => f.write_str("lies outside what may be read (allow it with --allow-root DIR)"),
            Self::NotFound => f.write_str("does not exist"),
            Self::NotUtf8 => f.write_str("is not UTF-8 text"),
            Self::TooLarge(limit) => write!(f, "is larger than {limit} bytes"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

/// The only door to the disk below `cli`: reads files and lists directories inside the allowed roots.
///
/// Paths are relative to the working directory with forward slashes and may hold `..`;
/// an implementation normalises them and refuses those that leave the roots.
pub trait Files: Sync {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// Opens what tools write and what may be larger than what people write, and than what should be in memory: plans.
    fn open_large(&self, path: &str) -> Result<Box<dyn Read>, ReadError> {
        Ok(Box::new(Cursor::new(self.read_bytes(path)?)))
    }

    /// File names in a directory (no directories), sorted.
    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError>;

    /// Paths of all files below a directory, relative to it, sorted; bounded in number.
    fn walk(&self, directory: &str) -> Result<Vec<String>, ReadError>;

    fn read(&self, path: &str) -> Result<String, ReadError> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| ReadError::NotUtf8)
    }

    fn exists(&self, path: &str) -> bool {
        self.read_bytes(path).is_ok()
    }
}

/// Joins and normalises: removes `.` and resolves `..` where a parent is known. Keeps leading `..`.
pub fn normalize(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                _ if absolute => {}
                _ => parts.push(".."),
            },
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

/// `directory/name`, normalised; an absolute `name` stands for itself.
pub fn join_path(directory: &str, name: &str) -> String {
    if name.starts_with('/') || directory.is_empty() {
        normalize(name)
    } else {
        normalize(&format!("{directory}/{name}"))
    }
}

/// The directory part of a path; empty for a bare file name.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// Whether the path is the directory or lies somewhere below it; both normalised. Everything lies below the empty path.
pub fn lies_below(path: &str, directory: &str) -> bool {
    let rest = path.strip_prefix(directory);
    directory.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_unicode_scalar_values() {
        let sources = Sources::new();
        let file = sources.add("a.tf", "x = \"é\"\r\ny = 1\n");
        assert_eq!(sources.position(file, 7), Position { line: 1, column: 7, offset: 7 });
        assert_eq!(sources.position(file, 10), Position { line: 2, column: 1, offset: 10 });
        assert_eq!(sources.get(file).unwrap().line_text(0), "x = \"é\"");
    }

    #[test]
    fn paths_normalize() {
        assert_eq!(normalize("a/./b/../c"), "a/c");
        assert_eq!(normalize("../a/../../b"), "../../b");
        assert_eq!(normalize("/../etc"), "/etc");
        assert_eq!(join_path("infra", "../modules/alb"), "modules/alb");
    }
}
