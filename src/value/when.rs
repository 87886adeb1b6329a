//! Conditions as the user wrote them, with enough structure to see that two of them exclude each other.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A condition: its text for people, its formula for the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct When {
    text: Arc<str>,
    formula: Arc<Formula>,
}

/// A propositional formula over atoms. An atom is any text that has the same truth wherever it stands in one stack; see
/// [`Formula::within`] for several stacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Formula {
    Atom(Arc<str>),
    /// `subject` equals `value`, which is a text, or `bare`: a number or null. Two different values exclude each other.
    Equals {
        subject: Arc<str>,
        value: Arc<str>,
        bare: bool,
    },
    /// An atom as the stack means it: the same text is something else in another one.
    In {
        stack: Arc<str>,
        atom: Arc<Self>,
    },
    Not(Arc<Self>),
    All(Vec<Arc<Self>>),
    Any(Vec<Arc<Self>>),
}

/// Above this many different atoms a formula is taken to be satisfiable without a look.
const MOST_ATOMS: usize = 10;

impl When {
    pub fn new(text: impl Into<Arc<str>>, formula: Formula) -> Self {
        Self { text: text.into(), formula: Arc::new(formula) }
    }

    /// A condition of which only the text is known.
    pub fn atom(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Self { formula: Arc::new(Formula::Atom(Arc::clone(&text))), text }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn formula(&self) -> &Arc<Formula> {
        &self.formula
    }

    #[must_use]
    pub fn negated(&self) -> Self {
        if let Formula::Not(inner) = &*self.formula
            && let Some(text) = self.text.strip_prefix('!')
        {
            let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
            return Self { text: text.into(), formula: Arc::clone(inner) };
        }
        let simple = self.text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '[' | ']'));
        let text = if simple { format!("!{}", self.text) } else { format!("!({})", self.text) };
        Self { text: text.into(), formula: Formula::opposite(&self.formula) }
    }

    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if self == other || other.is_always() {
            return self.clone();
        }
        if self.is_always() {
            return other.clone();
        }
        let (own, others) = (self.formula.stacks(), other.formula.stacks());
        let text = if own.union(&others).nth(1).is_some() {
            format!("{} && {}", self.told_in(&own), other.told_in(&others))
        } else {
            format!("{} && {}", self.text, other.text)
        };
        Self {
            text: text.into(),
            formula: Arc::new(Formula::All(vec![Arc::clone(&self.formula), Arc::clone(&other.formula)])),
        }
    }

    /// The text where conditions of other stacks stand beside it.
    fn told_in(&self, stacks: &BTreeSet<Arc<str>>) -> String {
        let Some(stack) = stacks.first().filter(|_| stacks.len() == 1) else { return self.text.to_string() };
        if self.text.ends_with(&format!(" in {stack}")) {
            return self.text.to_string();
        }
        let open = self.text.contains(" && ") || self.text.contains(" || ");
        if open { format!("({}) in {stack}", self.text) } else { format!("{} in {stack}", self.text) }
    }

    /// Both conditions together; `None` stands for "always".
    pub fn both(first: Option<&Self>, second: Option<&Self>) -> Option<Self> {
        match (first, second) {
            (None, None) => None,
            (Some(when), None) | (None, Some(when)) => Some(when.clone()),
            (Some(first), Some(second)) => Some(first.and(second)),
        }
    }

    /// When none of several conditions is true: `None` where one always is, `Some(None)` for "always".
    pub fn otherwise<'w>(conditions: impl IntoIterator<Item = Option<&'w Self>>) -> Option<Option<Self>> {
        let mut rest: Option<Self> = None;
        for condition in conditions {
            rest = Self::both(rest.as_ref(), Some(&condition?.negated()));
        }
        rest.as_ref().is_none_or(Self::satisfiable).then_some(rest)
    }

    /// That one of several holds.
    pub fn any(of: &[Self]) -> Self {
        if let [only] = of {
            return only.clone();
        }
        let text = of.iter().map(Self::text).collect::<Vec<_>>().join(" || ");
        Self::new(text, Formula::Any(of.iter().map(|when| Arc::clone(&when.formula)).collect()))
    }

    /// That one of several holds; always, where one always does, where they leave no case out, or where there is none.
    pub fn any_of<'w>(of: impl IntoIterator<Item = Option<&'w Self>>) -> Option<Self> {
        let mut all: Vec<Self> = Vec::new();
        for one in of {
            let one = one?;
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        let any = (!all.is_empty()).then(|| Self::any(&all))?;
        any.negated().satisfiable().then_some(any)
    }

    /// Whether it holds whatever else does: a condition that is written in the code and settled all the same.
    pub fn is_always(&self) -> bool {
        *self.formula == Formula::ALWAYS
    }

    /// The atoms that the condition is made of, each as a condition of its own.
    pub fn atoms(&self) -> Vec<Self> {
        let mut atoms = BTreeSet::new();
        self.formula.atoms(&mut atoms);
        let text = |atom: &Formula| atom.told(true).unwrap_or_else(|| self.text.to_string());
        atoms.into_iter().map(|atom| Self::new(text(atom), atom.clone())).collect()
    }

    /// What decides it: the subject of a comparison, else the condition itself.
    pub fn subject(&self) -> String {
        match &*self.formula {
            Formula::Equals { subject, .. } => subject.to_string(),
            Formula::In { stack, atom } => match &**atom {
                Formula::Equals { subject, .. } => format!("{subject} in {stack}"),
                _ => self.text.to_string(),
            },
            _ => self.text.to_string(),
        }
    }

    /// The same condition, which the stack has: see [`Formula::within`].
    #[must_use]
    pub fn within(&self, stack: &Arc<str>) -> Self {
        Self { text: Arc::clone(&self.text), formula: self.formula.within(stack) }
    }

    /// False only where no assignment of the atoms makes the condition true.
    pub fn satisfiable(&self) -> bool {
        self.formula.satisfiable()
    }

    /// Whether both can be true at once.
    pub fn compatible(&self, other: &Self) -> bool {
        self == other || self.and(other).satisfiable()
    }
}

impl Formula {
    pub const ALWAYS: Self = Self::All(Vec::new());
    pub const NEVER: Self = Self::Any(Vec::new());

    /// That the subject equals the text.
    pub fn equals(subject: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self::Equals { subject: subject.into(), value: text.into(), bare: false }
    }

    /// The opposite, without a double negation.
    pub fn opposite(of: &Arc<Self>) -> Arc<Self> {
        match &**of {
            Self::Not(inner) => Arc::clone(inner),
            Self::All(parts) if parts.is_empty() => Arc::new(Self::NEVER),
            Self::Any(parts) if parts.is_empty() => Arc::new(Self::ALWAYS),
            _ => Arc::new(Self::Not(Arc::clone(of))),
        }
    }

    /// Both, or one of both where `either`; what is settled decides or says nothing.
    pub fn joined(first: Arc<Self>, second: Arc<Self>, either: bool) -> Arc<Self> {
        let (deciding, idle) = if either { (Self::ALWAYS, Self::NEVER) } else { (Self::NEVER, Self::ALWAYS) };
        match (&*first, &*second) {
            (one, _) | (_, one) if *one == deciding => Arc::new(deciding),
            (one, _) if *one == idle => second,
            (_, other) if *other == idle => first,
            _ if either => Arc::new(Self::Any(vec![first, second])),
            _ => Arc::new(Self::All(vec![first, second])),
        }
    }

    /// The formula with atoms that mean what they mean in the stack, whatever else is said beside it. Those that another
    /// stack has given stay what they are there.
    pub fn within(self: &Arc<Self>, stack: &Arc<str>) -> Arc<Self> {
        let inside = |parts: &[Arc<Self>]| parts.iter().map(|part| part.within(stack)).collect();
        match &**self {
            Self::Atom(_) | Self::Equals { .. } => {
                Arc::new(Self::In { stack: Arc::clone(stack), atom: Arc::clone(self) })
            }
            Self::In { .. } => Arc::clone(self),
            Self::Not(inner) => Arc::new(Self::Not(inner.within(stack))),
            Self::All(parts) => Arc::new(Self::All(inside(parts))),
            Self::Any(parts) => Arc::new(Self::Any(inside(parts))),
        }
    }

    /// An atom in words, or the opposite of a comparison where it does not `hold`; `None` for what is no such thing.
    pub fn told(&self, holds: bool) -> Option<String> {
        match self {
            Self::Atom(text) => holds.then(|| text.to_string()),
            Self::Equals { subject, value, bare } => {
                let relation = if holds { "==" } else { "!=" };
                let quote = if *bare { "" } else { "\"" };
                Some(format!("{subject} {relation} {quote}{value}{quote}"))
            }
            Self::In { stack, atom } => Some(format!("{} in {stack}", atom.told(holds)?)),
            Self::Not(_) | Self::All(_) | Self::Any(_) => None,
        }
    }

    /// False only where no assignment of the atoms makes it true.
    pub fn satisfiable(&self) -> bool {
        let mut atoms = BTreeSet::new();
        self.atoms(&mut atoms);
        let atoms: Vec<_> = atoms.into_iter().collect();
        if atoms.len() > MOST_ATOMS {
            return true;
        }
        (0..1_u32 << atoms.len()).any(|world| {
            let holds = |atom: &Self| {
                atoms.iter().position(|candidate| *candidate == atom).is_some_and(|index| world & (1 << index) != 0)
            };
            consistent(&atoms, &holds) && self.evaluate(&holds)
        })
    }

    /// Whether it has so few atoms that every assignment of them is looked at.
    pub fn is_small(&self) -> bool {
        let mut atoms = BTreeSet::new();
        self.atoms(&mut atoms);
        atoms.len() <= MOST_ATOMS
    }

    /// The stacks whose atoms it holds.
    fn stacks(&self) -> BTreeSet<Arc<str>> {
        let mut atoms = BTreeSet::new();
        self.atoms(&mut atoms);
        let stack = |atom: &Self| match atom {
            Self::In { stack, .. } => Some(Arc::clone(stack)),
            _ => None,
        };
        atoms.into_iter().filter_map(stack).collect()
    }

    pub fn atoms<'a>(&'a self, found: &mut BTreeSet<&'a Self>) {
        match self {
            Self::Atom(_) | Self::Equals { .. } | Self::In { .. } => {
                found.insert(self);
            }
            Self::Not(inner) => inner.atoms(found),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.atoms(found)),
        }
    }

    fn evaluate(&self, holds: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::Atom(_) | Self::Equals { .. } | Self::In { .. } => holds(self),
            Self::Not(inner) => !inner.evaluate(holds),
            Self::All(parts) => parts.iter().all(|part| part.evaluate(holds)),
            Self::Any(parts) => parts.iter().any(|part| part.evaluate(holds)),
        }
    }
}

impl fmt::Display for Formula {
    /// The same text for the same formula only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joined = |parts: &[Arc<Self>], sign: &str| {
            f.write_str("(")?;
            for (position, part) in parts.iter().enumerate() {
                f.write_str(if position > 0 { sign } else { "" })?;
                part.fmt(f)?;
            }
            f.write_str(")")
        };
        match self {
            Self::All(parts) => joined(parts, " && "),
            Self::Any(parts) => joined(parts, " || "),
            Self::Not(inner) => write!(f, "!{inner}"),
            Self::Atom(_) | Self::Equals { .. } | Self::In { .. } => f.write_str(&self.told(true).unwrap_or_default()),
        }
    }
}

/// One subject cannot equal two values.
fn consistent(atoms: &[&Formula], holds: &dyn Fn(&Formula) -> bool) -> bool {
    let mut subjects = BTreeSet::new();
    atoms.iter().filter(|atom| holds(atom)).all(|atom| {
        let (stack, atom) = match atom {
            Formula::In { stack, atom } => (Some(stack), &**atom),
            atom => (None, *atom),
        };
        match atom {
            Formula::Equals { subject, .. } => subjects.insert((stack, subject)),
            _ => true,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equals(subject: &str, value: &str) -> When {
        When::new(format!("{subject} == {value}"), Formula::equals(subject, value))
    }

    #[test]
    fn conditions_that_leave_no_case_out_hold_always() {
        let (prod, dev) = (When::atom("IsProd"), When::atom("IsDev"));
        assert_eq!(When::any_of([Some(&prod), Some(&dev)]).as_ref().map(When::text), Some("IsProd || IsDev"));
        assert_eq!(When::any_of([Some(&prod), Some(&prod)]).as_ref(), Some(&prod));
        assert_eq!(When::any_of([Some(&prod), Some(&prod.negated())]), None);
        assert_eq!(When::any_of([Some(&prod), None]), None);
    }

    #[test]
    fn a_condition_excludes_its_negation() {
        let prod = When::atom("IsProd");
        assert!(!prod.compatible(&prod.negated()));
        assert_eq!(prod.negated().text(), "!IsProd");
        assert_eq!(prod.negated().negated(), prod);
    }

    #[test]
    fn one_subject_has_one_value() {
        assert!(!equals("env", "prod").compatible(&equals("env", "dev")));
        assert!(equals("env", "prod").compatible(&equals("region", "dev")));
        assert!(equals("env", "prod").negated().compatible(&equals("env", "dev").negated()));
    }

    #[test]
    fn a_name_means_something_in_its_stack_only() {
        let [first, second] = [Arc::from("a"), Arc::from("b")];
        let on = When::atom("var.on");
        assert!(on.within(&first).compatible(&on.within(&second).negated()));
        assert!(!on.within(&first).compatible(&on.negated().within(&first)));
        let (prod, dev) = (equals("env", "prod"), equals("env", "dev"));
        assert!(prod.within(&first).compatible(&dev.within(&second)));
        assert!(!prod.within(&first).compatible(&dev.within(&first)));
        assert_eq!(prod.within(&first).within(&second), prod.within(&first));
        let both = on.within(&first).and(&on.negated().within(&second));
        assert_eq!(both.text(), "var.on in a && !var.on in b");
        assert_eq!(prod.within(&first).atoms().first().unwrap().text(), "env == \"prod\" in a");
    }
}
