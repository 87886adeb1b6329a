//! What can be typed.

use super::assignments::Assignments;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

/// Says who can read a message: rebuilds the request paths of Terraform and CloudFormation code and checks
/// end-to-end and in-transit encryption claims against them.
#[derive(Debug, Parser)]
#[command(name = "e2e-lint", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not do the work, 3 nothing to check."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: CheckArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check claims and request paths (the default)
    Check(CheckArgs),
    /// Draw the request paths: who reads, and what is in the clear
    Paths(PathsArgs),
    /// Write a claims file with the strongest claims that hold today
    Init(InitArgs),
    /// Show what was understood of the code, before any judgement
    ///
    /// Of a directory that is a root module only that module is shown; of any other all that lies below.
    Resources(ResourcesArgs),
    /// Explain a rule, or list all rules
    Explain {
        /// Name of the rule
        rule: Option<String>,
    },
    /// Print a JSON Schema
    Schema {
        /// What to describe
        what: SchemaKind,
    },
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Claims file; without it every e2e-lint.yaml below the paths counts, and for each path the
    /// nearest one upward
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Least severity that gives exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Run this rule only
    #[arg(long, value_name = "RULE")]
    pub only: Option<String>,
    /// Exit with 0 instead of 3 when there is nothing to check
    #[arg(long)]
    pub allow_empty: bool,
}

#[derive(Debug, Args)]
pub(super) struct PathsArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Claims file, whose assumptions and environments count; found as by check
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// How to draw the paths
    #[arg(long, value_enum, default_value_t = PathsFormat::Text)]
    pub format: PathsFormat,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Write the claims to this file, which must not exist yet, instead of printing them
    #[arg(long, value_name = "FILE")]
    pub write: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ResourcesArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// How to print the resources
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Directories and files to lint [default: .]
    #[arg(value_name = "PATHS")]
    pub paths: Vec<String>,
    #[command(flatten)]
    pub assignments: Assignments,
    /// Terraform: take TF_VAR_ variables from the environment
    #[arg(long)]
    pub tf_env: bool,
    /// Terraform: the workspace's name
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
    /// CloudFormation: a JSON file with parameter values
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<String>,
    /// CloudFormation: templates that nested stacks get from a bucket lie here
    #[arg(long, value_name = "DIR")]
    pub template_dir: Vec<String>,
    /// Look at this environment of the claims file only
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// The AWS Region, for code that depends on it
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Another directory that code may read from, such as one with shared modules
    #[arg(long, value_name = "DIR")]
    pub allow_root: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PathsFormat {
    Text,
    Mermaid,
    Dot,
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    Report,
    Config,
}

impl InputArgs {
    /// What to say where the first path is the name of a command and of nothing on the disk.
    pub fn misplaced_command(&self) -> Option<String> {
        let first = self.paths.first().filter(|path| !std::path::Path::new(path).exists())?;
        Cli::command().find_subcommand(first)?;
        Some(format!("the command {first} has to stand before its options: e2e-lint {first} [OPTIONS] [PATHS]"))
    }
}
