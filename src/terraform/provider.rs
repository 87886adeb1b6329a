//! Provider configurations: which one a resource has, and the region and the account that it says.
//! Facts: <https://developer.hashicorp.com/terraform/language/modules/develop/providers>,
//! <https://docs.aws.amazon.com/general/latest/gr/rande.html>,
//! <https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json>.

use super::ast::{Block, Body, Expr, ExprKind, Item, Step, StepKind};
use super::body::is_of_aws;
use super::datum::{Datum, Key, Kind};
use super::evaluator::{Env, Evaluator, Repetition, Scope};
use super::lookup::Place;
use std::rc::Rc;
use std::sync::Arc;

/// What a module calls a provider configuration: `aws` or `aws.west`.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    local: Arc<str>,
    alias: Option<Arc<str>>,
}

impl Name {
    fn of(block: &Block) -> Option<Self> {
        let alias = block.body.attribute("alias").map(|attribute| &attribute.expr.kind);
        let alias = match alias {
            None => None,
            Some(ExprKind::String(alias)) => Some(Arc::clone(alias)),
            Some(_) => return None,
        };
        Some(Self { local: Arc::clone(block.label(0)?), alias })
    }

    /// As an expression refers to it, with the key of an instance of several; old code and JSON write a string.
    fn with_key(expr: &Expr) -> Option<(Self, Option<&Expr>)> {
        if let ExprKind::Traversal(base, steps) = &expr.kind
            && let (
                ExprKind::Variable(local),
                [Step { kind: StepKind::Attribute(alias), .. }, Step { kind: StepKind::Index(key), .. }],
            ) = (&base.kind, steps.as_slice())
        {
            return Some((Self { local: Arc::clone(local), alias: Some(Arc::clone(alias)) }, Some(key)));
        }
        Some((Self::referred(expr)?, None))
    }

    /// As an expression refers to it; `None` for an instance of several.
    fn referred(expr: &Expr) -> Option<Self> {
        match &expr.kind {
            ExprKind::Variable(local) => Some(Self { local: Arc::clone(local), alias: None }),
            ExprKind::String(text) => {
                let (local, alias) =
                    text.split_once('.').map_or((&**text, None), |(local, alias)| (local, Some(alias)));
                Some(Self { local: local.into(), alias: alias.map(Arc::from) })
            }
            ExprKind::Traversal(base, steps) => match (&base.kind, steps.as_slice()) {
                (ExprKind::Variable(local), [step]) => match &step.kind {
                    StepKind::Attribute(alias) => {
                        Some(Self { local: Arc::clone(local), alias: Some(Arc::clone(alias)) })
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// The configuration that a resource has.
struct Configured {
    /// The module that holds it.
    scope: Rc<Scope>,
    index: usize,
    /// Which one it is of several, as OpenTofu makes of a `for_each`.
    repetition: Repetition,
}

impl Configured {
    fn block(&self) -> Option<&Block> {
        self.scope.module.providers.get(self.index)
    }

    fn evaluated(&self, evaluator: &Evaluator<'_>, expr: &Expr) -> Datum {
        evaluator.settle(evaluator.evaluate(expr, Env::new(&self.scope, &self.repetition)))
    }
}

impl Evaluator<'_> {
    /// The region of a resource of AWS: what its provider configuration says, or else the command line.
    pub(crate) fn region(&self, block: &Block, env: Env<'_>) -> Option<Datum> {
        let fallback = || self.options.region.as_ref().map(|region| Datum::string(region.as_str(), block.header));
        match self.configuration(block, env)? {
            None => fallback(),
            Some(configured) => {
                let Some(attribute) = configured.block()?.body.attribute("region") else { return fallback() };
                Some(configured.evaluated(self, &attribute.expr)).filter(says_text).or_else(fallback)
            }
        }
    }

    /// Where a resource of AWS is made or looked up, as far as the code says it.
    pub(crate) fn place(&self, block: &Block, env: Env<'_>) -> Place {
        if !is_of_aws(block) {
            return Place::default();
        }
        let written = block.body.attribute("region").map(|own| self.settle(self.evaluate(&own.expr, env)));
        let region = written.filter(|own| !own.is_null()).or_else(|| self.region(block, env));
        let known = region.as_ref().and_then(Datum::as_str).map(Arc::from);
        let is_open = known.is_none() && (region.is_some() || self.configures_region(block, env));
        Place { account: self.account(block, env), region: known, is_open }
    }

    /// Whether the provider configuration of a resource says a region, by whatever value.
    fn configures_region(&self, block: &Block, env: Env<'_>) -> bool {
        let Some(Some(configured)) = self.configuration(block, env) else { return false };
        let said = configured.block().and_then(|provider| provider.body.attribute("region"));
        let value = said.map(|said| configured.evaluated(self, &said.expr));
        value.is_some_and(|value| !value.is_null())
    }

    /// The account of a resource of AWS, where its provider configuration binds it to one: the only account that it may work
    /// in, or that of the role it assumes last.
    fn account(&self, block: &Block, env: Env<'_>) -> Option<Arc<str>> {
        let configured = self.configuration(block, env)??;
        let provider = configured.block()?;
        let evaluated = |expr: &Expr| configured.evaluated(self, expr);
        if let Some(allowed) = provider.body.attribute("allowed_account_ids") {
            return match evaluated(&allowed.expr).items()? {
                [only] => only.as_str().map(Arc::from),
                _ => None,
            };
        }
        let arn = evaluated(&last_role(&provider.body)?.body.attribute("role_arn")?.expr);
        let account = arn.as_str()?.strip_prefix("arn:")?.split(':').nth(3)?;
        (!account.is_empty()).then(|| account.into())
    }

    /// `None` where it cannot be told which configuration it is, `Some(None)` where the code has none.
    fn configuration(&self, block: &Block, env: Env<'_>) -> Option<Option<Configured>> {
        let (mut name, key) = match block.body.attribute("provider") {
            Some(attribute) => Name::with_key(&attribute.expr)?,
            None => (Name { local: vendor(block.label(0)?).into(), alias: None }, None),
        };
        let mut scope = Rc::clone(env.scope);
        loop {
            let caller = self.caller(&scope);
            // An empty configuration in a called module only says that the caller gives one.
            let counts = |block: &Block| caller.is_none() || !is_empty(block);
            let is_it = |block: &Block| counts(block) && Name::of(block).as_ref() == Some(&name);
            if let Some(index) = scope.module.providers.iter().position(is_it) {
                let repetition = self.provider_instance(&scope, index, key, env)?;
                return Some(Some(Configured { scope, index, repetition }));
            }
            if key.is_some() {
                return None;
            }
            let Some((parent, call)) = caller else { return Some(None) };
            let passed = parent.module.calls.get(&call).and_then(|call| call.body.attribute("providers"));
            match passed.and_then(|passed| handed(&passed.expr, &name)) {
                Some(given) => name = Name::referred(given)?,
                // Only configurations without alias go down by themselves.
                None if name.alias.is_some() => return None,
                None => {}
            }
            scope = parent;
        }
    }
}

impl Evaluator<'_> {
    /// The instance that the key, evaluated where the resource is, picks.
    fn provider_instance(
        &self,
        scope: &Rc<Scope>,
        index: usize,
        key: Option<&Expr>,
        env: Env<'_>,
    ) -> Option<Repetition> {
        let provider = scope.module.providers.get(index)?;
        match (provider.body.attribute("for_each"), key) {
            (None, None) => Some(Repetition::default()),
            (Some(_), Some(key)) => {
                let key = Key::Name(self.settle(self.evaluate(key, env)).as_str()?.into());
                let instances = self.expand(scope, "provider", provider).instances.into_iter();
                instances.map(|instance| instance.repetition).find(|instance| instance.key.as_ref() == Some(&key))
            }
            _ => None,
        }
    }
}

/// The local name of the provider that a type belongs to where the code names none.
fn vendor(type_name: &str) -> &str {
    type_name.split('_').next().unwrap_or(type_name)
}

/// The role that counts: each is assumed with the one before. Of blocks that are made from values nobody knows which is last.
/// Source: "Assuming an IAM Role" in the documentation of the AWS provider.
fn last_role(provider: &Body) -> Option<&Block> {
    let is_role = |name: &str| name == "assume_role";
    let made = provider.blocks().any(|block| &*block.kind == "dynamic" && block.label(0).is_some_and(|of| is_role(of)));
    provider.blocks().filter(|block| is_role(&block.kind)).last().filter(|_| !made)
}

fn is_empty(provider: &Block) -> bool {
    let named = |item: &Item| matches!(item, Item::Attribute(it) if matches!(&*it.name, "alias" | "version"));
    provider.body.items.iter().all(named)
}

/// What a call's `providers` gives for the name that the called module uses.
fn handed<'e>(providers: &'e Expr, name: &Name) -> Option<&'e Expr> {
    let ExprKind::Object(entries) = &providers.kind else { return None };
    let entry = entries.iter().find(|(key, _)| Name::referred(key).as_ref() == Some(name));
    entry.map(|(_, given)| given)
}

fn says_text(value: &Datum) -> bool {
    match &value.kind {
        Kind::String(_) => true,
        Kind::Choice(branches) => branches.iter().all(|branch| branch.value.as_str().is_some()),
        _ => false,
    }
}

/// An attribute of `data.aws_partition` in a region; of one of several regions where all agree.
pub(crate) fn partition(region: &Datum, attribute: &str) -> Option<Datum> {
    let of = |region: &Datum| {
        let [partition, suffix, reversed] = partition_of(region.as_str()?)?;
        match attribute {
            "partition" | "id" => Some(partition),
            "dns_suffix" => Some(suffix),
            "reverse_dns_prefix" => Some(reversed),
            _ => None,
        }
    };
    let text = match &region.kind {
        Kind::Choice(branches) => {
            let (first, rest) = branches.split_first()?;
            let text = of(&first.value)?;
            rest.iter().all(|branch| of(&branch.value) == Some(text)).then_some(text)?
        }
        _ => of(region)?,
    };
    Some(region.with_kind(Kind::String(text.into())))
}

/// Name, DNS suffix and reversed prefix of the partition that a region is in; the secret ones are left unknown.
fn partition_of(region: &str) -> Option<[&'static str; 3]> {
    const AREAS: [&str; 9] = ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"];
    let parts: Vec<&str> = region.split('-').collect();
    let numbered = |place: &str, number: &str| {
        !place.is_empty() && !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    };
    match parts.as_slice() {
        ["us", "gov", place, number] if numbered(place, number) => {
            Some(["aws-us-gov", "amazonaws.com", "com.amazonaws"])
        }
        ["cn", place, number] if numbered(place, number) => Some(["aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"]),
        [area, place, number] if AREAS.contains(area) && numbered(place, number) => {
            Some(["aws", "amazonaws.com", "com.amazonaws"])
        }
        _ => None,
    }
}
