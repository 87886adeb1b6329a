//! The claims file `e2e-lint.yaml`: claims, assumptions and accepted findings, each with its place in the file.

mod environment;
mod file;
mod in_code;

pub use environment::Setting;
pub use file::schema;
pub use in_code::{at_nothing, in_code};

use crate::claim::{Assumption, Claim, Pattern, PayloadKey, Promise, Serves};
use crate::diagnostic::Problem;
use crate::model::{Custody, TlsVersion};
use crate::source::{FileId, Span};
use crate::suppress::{Ignore, Scope};
use file::{ClaimEntry, ClaimsFile, Text};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Name of the file, searched upward from the linted path.
pub const FILE_NAME: &str = "e2e-lint.yaml";

/// Before the name of a group, where an address pattern may stand.
const GROUP: &str = "group:";

/// A claims file as the rest of the program takes it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub claims: Vec<Claim>,
    pub assumptions: Vec<Assumption>,
    pub ignores: Vec<Ignore>,
    pub docs: Vec<Docs>,
    /// Phrases that claim encryption, with what they promise.
    pub words: Vec<(Promise, String)>,
    /// What the environments give, outer files first.
    pub settings: Vec<Setting>,
}

/// Which documents are checked.
#[derive(Clone, Debug)]
pub struct Docs {
    /// Relative to the claims file's directory.
    pub glob: GlobMatcher,
    pub directory: Arc<str>,
    pub span: Span,
}

impl Config {
    /// The environments in the order in which they are first named.
    pub fn environments(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for setting in &self.settings {
            if !names.contains(&setting.environment.as_str()) {
                names.push(&setting.environment);
            }
        }
        names
    }

    /// All claims files of a tree as one, outer files first. A claim whose name is taken gets its file's directory before it.
    ///
    /// # Errors
    /// A claim that names an environment which no file has.
    pub fn join(files: Vec<(Home, Self)>) -> Result<Self, Vec<Problem>> {
        let mut joined = Self::default();
        let mut names = BTreeSet::new();
        for (home, mut file) in files {
            for claim in &mut file.claims {
                if !names.insert(claim.name.clone()) {
                    claim.name = format!("{}/{}", home.scope, claim.name);
                    names.insert(claim.name.clone());
                }
            }
            joined.claims.append(&mut file.claims);
            joined.assumptions.append(&mut file.assumptions);
            joined.ignores.append(&mut file.ignores);
            joined.docs.append(&mut file.docs);
            joined.words.append(&mut file.words);
            joined.settings.append(&mut file.settings);
        }
        let problems = environment::unknown(&joined);
        if problems.is_empty() { Ok(joined) } else { Err(problems) }
    }
}

/// Where a claims file lies.
#[derive(Clone, Debug)]
pub struct Home {
    /// What its paths are relative to.
    pub directory: Arc<str>,
    /// The directory of whose code it speaks; empty for all.
    pub scope: Arc<str>,
}

/// Reads a claims file. `today` is `YYYY-MM-DD` and decides what has expired.
///
/// # Errors
/// An error in one entry is a problem with its place; the file as a whole is then not used, because a claim
/// that silently lost an option could hold where it should not.
pub fn read(text: &str, file: FileId, home: &Home, today: &str) -> Result<Config, Vec<Problem>> {
    let parsed: ClaimsFile = file::parse(text, file).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let reader = Reader { file, home, today, problems: &mut problems, groups: BTreeMap::new() };
    let config = reader.config(parsed);
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

struct Reader<'a> {
    file: FileId,
    home: &'a Home,
    today: &'a str,
    problems: &'a mut Vec<Problem>,
    groups: BTreeMap<String, Vec<Pattern>>,
}

impl Reader<'_> {
    fn config(mut self, parsed: ClaimsFile) -> Config {
        if parsed.version.value != 1 {
            let span = file::span(&parsed.version, self.file);
            self.refuse("this version of e2e-lint reads claims files of version 1", span, "write `version: 1`");
        }
        parsed.groups.iter().for_each(|entry| self.group(entry));
        let mut names = BTreeSet::new();
        for claim in &parsed.claims {
            if !names.insert(claim.name.value.clone()) {
                let span = file::span(&claim.name, self.file);
                let message = format!("there are two claims named {}", claim.name.value);
                self.refuse(&message, span, "give each claim a name of its own");
            }
        }
        Config {
            claims: parsed.claims.into_iter().map(|claim| self.claim(claim)).collect(),
            assumptions: parsed.assume.into_iter().map(|entry| self.assumption(entry)).collect(),
            ignores: parsed.ignore.into_iter().map(|entry| self.ignore(entry)).collect(),
            docs: parsed.docs.iter().filter_map(|glob| self.docs(glob)).collect(),
            words: words(parsed.words),
            settings: parsed.environments.into_iter().map(|entry| self.setting(entry)).collect(),
        }
    }

    fn claim(&mut self, entry: ClaimEntry) -> Claim {
        let span = file::span(entry.says.as_ref().unwrap_or(&entry.name), self.file);
        let promise = self.choice(
            &entry.promise,
            "promise",
            &[("end-to-end", Promise::EndToEnd), ("encrypted-in-transit", Promise::EncryptedInTransit)],
        );
        let versions = ["1.0", "1.1", "1.2", "1.3"].map(|name| (name, TlsVersion::parse(name)));
        let custodies = ["encrypted", "provider-managed", "customer-managed"].map(|name| (name, Custody::parse(name)));
        let min_tls = entry.min_tls.as_ref().and_then(|text| self.choice(text, "min-tls", &versions)).flatten();
        let at_rest = entry.at_rest.as_ref().and_then(|text| self.choice(text, "at-rest", &custodies)).flatten();
        let payload = entry.payload.as_ref().and_then(|payload| {
            self.choice(&payload.covers, "covers", &[("body", ())])?;
            Some(match payload.key.value.as_str() {
                "held-by-ends" => PayloadKey::HeldByEnds,
                _ => PayloadKey::Resource(self.pattern(&payload.key)),
            })
        });
        for (list, name) in [(&entry.from.0, "from"), (&entry.to.0, "to")] {
            if list.is_empty() {
                self.refuse(&format!("`{name}` names no end"), span, "name at least one address, or internet");
            }
        }
        Claim {
            name: entry.name.value.clone(),
            says: entry.says.as_ref().map(|says| says.value.clone()),
            promise: promise.unwrap_or(Promise::EndToEnd),
            from: self.patterns(&entry.from.0),
            to: self.patterns(&entry.to.0),
            may_read: self.patterns(&entry.may_read),
            min_tls,
            verify_peers: entry.verify_peers,
            at_rest,
            payload,
            environments: entry.environments.iter().map(|name| name.value.clone()).collect(),
            declared: true,
            span: Some(span),
        }
    }

    fn assumption(&mut self, entry: file::AssumeEntry) -> Assumption {
        let serves = self.choice(&entry.serves, "serves", &[("tls", Serves::Tls), ("plaintext", Serves::Plaintext)]);
        let span = file::span(&entry.node, self.file);
        self.reason(&entry.because, "an assumption");
        Assumption {
            node: self.single(&entry.node),
            port: entry.port,
            serves: serves.unwrap_or(Serves::Plaintext),
            because: entry.because.value.clone(),
            expired: self.expired(entry.until.as_ref()),
            until: entry.until.map(|until| until.value),
            span,
        }
    }

    fn ignore(&mut self, entry: file::IgnoreEntry) -> Ignore {
        self.reason(&entry.because, "an accepted finding");
        Ignore {
            rule: entry.rule.value.clone(),
            scope: Scope::Address(self.single(&entry.address)),
            because: entry.because.value.clone(),
            expired: self.expired(entry.until.as_ref()),
            until: entry.until.as_ref().map(|until| until.value.clone()),
            span: file::span(&entry.rule, self.file),
        }
    }

    fn docs(&mut self, glob: &Text) -> Option<Docs> {
        let span = file::span(glob, self.file);
        // A `*` does not go over slashes, as in .gitignore.
        match GlobBuilder::new(&glob.value).literal_separator(true).build() {
            Ok(built) => {
                Some(Docs { glob: built.compile_matcher(), directory: Arc::clone(&self.home.directory), span })
            }
            Err(error) => {
                let message = format!("`{}` is no glob: {}", glob.value, error.kind());
                self.refuse(&message, span, "write a path with `*` and `**`, such as docs/**/*.md");
                None
            }
        }
    }

    fn reason(&mut self, because: &Text, what: &str) {
        if because.value.trim().is_empty() {
            let span = file::span(because, self.file);
            self.refuse(&format!("{what} needs a reason"), span, "say in `because` why it is true");
        }
    }

    /// Whether the day is over; a text that is no day is refused.
    fn expired(&mut self, until: Option<&Text>) -> bool {
        let Some(until) = until else { return false };
        match until.value.parse::<jiff::civil::Date>() {
            Ok(day) => day.to_string().as_str() < self.today,
            Err(_) => {
                let span = file::span(until, self.file);
                self.refuse(&format!("`{}` is no day", until.value), span, "write the day as YYYY-MM-DD");
                false
            }
        }
    }

    fn choice<T: Clone>(&mut self, text: &Text, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, value)| value.clone());
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("`{}` is no value of `{key}`", text.value);
            let span = file::span(text, self.file);
            self.refuse(&message, span, &format!("write one of: {}", names.join(", ")));
        }
        found
    }

    /// Address patterns, those of a group in the place of its name.
    fn patterns(&mut self, texts: &[Text]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for text in texts {
            let Some(name) = text.value.strip_prefix(GROUP) else {
                patterns.push(self.pattern(text));
                continue;
            };
            match self.groups.get(name) {
                Some(group) => patterns.extend(group.iter().cloned()),
                None => {
                    let span = file::span(text, self.file);
                    self.refuse(&format!("there is no group named {name}"), span, "name it under `groups`");
                }
            }
        }
        patterns
    }

    /// An address pattern where no group may stand.
    fn single(&mut self, text: &Text) -> Pattern {
        if text.value.starts_with(GROUP) {
            let span = file::span(text, self.file);
            self.refuse("a group cannot stand here", span, "write an address; `*` stands for any text");
        }
        self.pattern(text)
    }

    /// A group names addresses and no groups, so that a name is looked up once.
    fn group(&mut self, entry: &file::GroupEntry) {
        let name = &entry.name.value;
        if entry.of.0.is_empty() {
            self.refuse("this group names nothing", file::span(&entry.name, self.file), "name at least one address");
        }
        let patterns = entry.of.0.iter().map(|text| self.pattern(text)).collect();
        if self.groups.insert(name.clone(), patterns).is_some() {
            let span = file::span(&entry.name, self.file);
            self.refuse(&format!("there are two groups named {name}"), span, "give each group a name of its own");
        }
    }

    fn pattern(&self, text: &Text) -> Pattern {
        Pattern::new(text.value.clone(), Some(file::span(text, self.file))).below(&self.home.scope)
    }

    fn refuse(&mut self, message: &str, span: Span, help: &str) {
        self.problems.push(Problem::error(message, Some(span)).with_help(help));
    }
}

fn words(entry: file::WordsEntry) -> Vec<(Promise, String)> {
    let strong = entry.end_to_end.into_iter().map(|text| (Promise::EndToEnd, text));
    let weak = entry.encrypted_in_transit.into_iter().map(|text| (Promise::EncryptedInTransit, text));
    strong.chain(weak).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read_text(text: &str) -> Result<Config, Vec<Problem>> {
        let file = Sources::new().add(FILE_NAME, text);
        let home = Home { directory: "".into(), scope: "".into() };
        read(text, file, &home, "2026-11-24")
    }

    #[test]
    fn a_full_claim_is_read_with_places() {
        let text = "version: 1\nclaims:\n  - name: a\n    says: It is safe.\n    promise: end-to-end\n    from: internet\n    to: [aws_instance.a, \"module.*\"]\n    min-tls: \"1.2\"\n    at-rest: customer-managed\n";
        let config = read_text(text).unwrap();
        let claim = &config.claims[0];
        assert_eq!(claim.to.len(), 2);
        assert_eq!(claim.min_tls, Some(TlsVersion::V1_2));
        let span = claim.span.unwrap();
        assert_eq!(&text[span.start as usize..span.end as usize], "It is safe.");
    }

    #[test]
    fn an_unknown_key_is_an_error_with_a_place() {
        let problems = read_text("version: 1\nclaims:\n  - name: a\n    promisse: end-to-end\n").unwrap_err();
        assert!(problems[0].message.contains("promisse"), "{}", problems[0].message);
        assert!(problems[0].span.is_some());
    }

    #[test]
    fn a_wrong_value_names_the_right_ones() {
        let text = "version: 1\nclaims:\n  - {name: a, promise: e2e, from: internet, to: [x]}\n";
        let problems = read_text(text).unwrap_err();
        assert!(problems[0].help.as_ref().unwrap().contains("end-to-end"));
    }

    #[test]
    fn an_assumption_needs_a_reason_and_expires() {
        let entry = |because: &str, until: &str| {
            format!("version: 1\nassume:\n  - {{node: a, serves: tls, because: \"{because}\", until: {until}}}\n")
        };
        assert!(read_text(&entry("", "2027-01-01")).is_err());
        assert!(read_text(&entry("nginx", "2026-11-23")).unwrap().assumptions[0].expired);
        assert!(!read_text(&entry("nginx", "2026-11-24")).unwrap().assumptions[0].expired);
    }
}
