//! Runs a command and says with which exit code it ends.

use super::args::{
    CheckArgs, Cli, Command, FailOn, Format, InitArgs, InputArgs, PathsArgs, PathsFormat, ResourcesArgs, SchemaKind,
};
use super::claims::claims;
use super::docs::documents;
use super::load::{Depth, Opened, evaluate, open, paths};
use crate::check::{self, Deployment, Input, Report};
use crate::config::{self, Config};
use crate::diagnostic::Problem;
use crate::output::{self, Style};
use crate::resource::Stack;
use crate::rules::{self, RULES};
use crate::source::Sources;
use clap::Parser as _;
use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

const FINDINGS: u8 = 1;
const FAILED: u8 = 2;
const NOTHING: u8 = 3;

/// The whole command. Exit codes: 0 clean, 1 findings, 2 could not do the work, 3 nothing to check.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match cli.command {
        None => cli.check.input.misplaced_command().map_or_else(|| run_check(&cli.check), Err),
        Some(Command::Check(args)) => run_check(&args),
        Some(Command::Paths(args)) => run_paths(&args),
        Some(Command::Init(args)) => run_init(&args),
        Some(Command::Resources(args)) => run_resources(&args),
        Some(Command::Explain { rule }) => explain(rule.as_deref()),
        Some(Command::Schema { what }) => schema(what),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            complain(&message);
            ExitCode::from(FAILED)
        }
    }
}

fn run_check(args: &CheckArgs) -> Result<u8, String> {
    if let Some(rule) = args.only.as_deref().filter(|rule| rules::find(rule).is_none()) {
        return Err(unknown_rule(rule));
    }
    let mut opened = open(&args.input, Depth::All)?;
    let config = claims(&mut opened, args.config.as_deref(), &today());
    let (config, failed) = match config {
        Ok(config) => (config, None),
        Err(message) => (Config::default(), Some(message)),
    };
    let deployments = if failed.is_some() { Vec::new() } else { evaluate(&mut opened, &args.input, &config)? };
    let documents = documents(&mut opened, &config);
    let report = check::check(Input {
        deployments: &deployments,
        config: &config,
        problems: std::mem::take(&mut opened.problems),
        sources: &opened.sources,
        documents: &documents,
        only: args.only.as_deref(),
    });
    print(&match args.format {
        Format::Json => output::json(&report),
        Format::Human => output::human(&report, &opened.sources, style()),
    });
    match failed {
        Some(message) => Err(message),
        None => Ok(exit_code(args, &deployments, &report)),
    }
}

/// Whether there is no code at all.
fn is_empty(deployments: &[Deployment]) -> bool {
    deployments.iter().all(|deployment| deployment.stacks.is_empty())
}

fn exit_code(args: &CheckArgs, deployments: &[Deployment], report: &Report) -> u8 {
    let summary = &report.summary;
    // Code that could not be read was not checked: an error there is no cleaner than a finding.
    let unread = report.problems.iter().filter(|problem| problem.severity == "error").count();
    let failing = unread
        + match args.fail_on {
            FailOn::Error => summary.errors,
            FailOn::Warning => summary.errors + summary.warnings,
            FailOn::Note => summary.errors + summary.warnings + summary.notes,
        };
    if is_empty(deployments) {
        if args.allow_empty {
            return 0;
        }
        complain(&nothing(&args.input));
        return NOTHING;
    }
    if failing > 0 { FINDINGS } else { 0 }
}

fn nothing(input: &InputArgs) -> String {
    let places = paths(input).join(", ");
    format!(
        "nothing to check: no Terraform or CloudFormation below {places} (name a directory that has some, also one that \
         .gitignore leaves out, such as cdk.out; or pass --allow-empty)"
    )
}

fn run_paths(args: &PathsArgs) -> Result<u8, String> {
    let mut opened = open(&args.input, Depth::All)?;
    let config = claims(&mut opened, args.config.as_deref(), &today());
    if config.is_err() {
        complain_of(&opened.sources, &opened.problems);
    }
    let config = config?;
    let deployments = evaluate(&mut opened, &args.input, &config)?;
    complain_of(&opened.sources, problems(&opened, &deployments));
    let report = report(&opened, &deployments, &config);
    print(&match args.format {
        PathsFormat::Text => output::paths_text(&report, style()),
        PathsFormat::Mermaid => output::paths_mermaid(&report),
        PathsFormat::Dot => output::paths_dot(&report),
        PathsFormat::Svg => output::paths_svg(&report),
    });
    Ok(nothing_found(&deployments, &args.input).unwrap_or(0))
}

/// The exit code for code that is not there, with the complaint.
fn nothing_found(deployments: &[Deployment], input: &InputArgs) -> Option<u8> {
    is_empty(deployments).then(|| {
        complain(&nothing(input));
        NOTHING
    })
}

/// The inputs of the environment that was named; nothing else of the claims file.
fn environment_only(opened: &mut Opened, input: &InputArgs) -> Result<Config, String> {
    if input.environment.is_none() {
        return Ok(Config::default());
    }
    let settings = claims(opened, None, &today())?.settings;
    Ok(Config { settings, ..Config::default() })
}

/// Starts from the code alone: of a claims file that is already there only the environment that is named counts.
fn run_init(args: &InitArgs) -> Result<u8, String> {
    let mut opened = open(&args.input, Depth::All)?;
    let inputs = environment_only(&mut opened, &args.input)?;
    let deployments = evaluate(&mut opened, &args.input, &inputs)?;
    complain_of(&opened.sources, problems(&opened, &deployments));
    if let Some(code) = nothing_found(&deployments, &args.input) {
        return Ok(code);
    }
    let claims = check::candidates(&report(&opened, &deployments, &Config::default()));
    let config = Config { claims, ..Config::default() };
    let text = output::claims_file(&config.claims, &report(&opened, &deployments, &config));
    match &args.write {
        None => print(&text),
        Some(path) => {
            let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| format!("{path} cannot be written: {error}"))?;
        }
    }
    Ok(0)
}

/// The report for commands that show something of it and no findings.
fn report(opened: &Opened, deployments: &[Deployment], config: &Config) -> Report {
    let sources = &opened.sources;
    check::check(Input { deployments, config, problems: Vec::new(), sources, documents: &[], only: None })
}

/// All that could not be read or evaluated.
fn problems<'a>(opened: &'a Opened, deployments: &'a [Deployment]) -> impl Iterator<Item = &'a Problem> {
    let stacks = deployments.iter().flat_map(|deployment| &deployment.stacks);
    opened.problems.iter().chain(stacks.flat_map(|stack| &stack.problems))
}

/// Problems on standard error, for commands whose output has no place for them.
fn complain_of<'a>(sources: &Sources, problems: impl IntoIterator<Item = &'a Problem>) {
    for problem in problems {
        let place = problem.span.map(|span| format!("{}: ", sources.place(span))).unwrap_or_default();
        complain(&format!("{place}{}: {}", problem.severity, problem.message));
    }
}

fn run_resources(args: &ResourcesArgs) -> Result<u8, String> {
    let mut opened = open(&args.input, Depth::Roots)?;
    let inputs = environment_only(&mut opened, &args.input)?;
    let deployments = evaluate(&mut opened, &args.input, &inputs)?;
    let stacks: Vec<&Stack> = deployments.iter().flat_map(|deployment| &deployment.stacks).collect();
    print(&match args.format {
        Format::Json => output::resources_json(&stacks, &opened.sources),
        Format::Human => output::resources_human(&stacks, &opened.sources),
    });
    complain_of(&opened.sources, problems(&opened, &deployments));
    Ok(nothing_found(&deployments, &args.input).unwrap_or(0))
}

fn explain(rule: Option<&str>) -> Result<u8, String> {
    let Some(name) = rule else {
        let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
        let rows =
            RULES.iter().map(|rule| format!("{:width$}  {:7}  {}\n", rule.name, rule.severity.name(), rule.summary));
        print(&rows.collect::<String>());
        return Ok(0);
    };
    let rule = rules::find(name).ok_or_else(|| unknown_rule(name))?;
    print(rule.page);
    Ok(0)
}

fn unknown_rule(name: &str) -> String {
    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    format!("there is no rule named {name}; the rules are: {}", names.join(", "))
}

fn schema(what: SchemaKind) -> Result<u8, String> {
    let schema = match what {
        SchemaKind::Report => check::schema(),
        SchemaKind::Config => config::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|error| error.to_string())?;
    print(&format!("{text}\n"));
    Ok(0)
}

/// A reader that goes away early ends the output quietly.
fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn complain(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "e2e-lint: {}", output::line(message));
}

/// Today in UTC as `YYYY-MM-DD`; decides which assumptions and ignores have expired.
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

#[expect(clippy::disallowed_methods, reason = "NO_COLOR and the locale say how text may look, and nothing else")]
fn style() -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let terminal = std::io::stdout().is_terminal();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find(|name| set(name)).and_then(|name| std::env::var(name).ok());
    let unicode = !terminal || locale.is_none_or(|locale| locale.to_ascii_lowercase().contains("utf"));
    Style { color: terminal && !set("NO_COLOR"), unicode, ..Style::default() }
}
