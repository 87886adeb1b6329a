//! `--var` and `--var-file`: of both together the order counts, as it does for Terraform.

use crate::terraform::Input;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

const FILE: &str = "var_file";
const VALUE: &str = "var";

/// What gives values to Terraform's variables, in the order of the command line.
#[derive(Debug, Default)]
pub(super) struct Assignments {
    pub inputs: Vec<Input>,
}

impl Assignments {
    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.inputs.iter().filter_map(|input| match input {
            Input::File(path) => Some(path),
            Input::Value { .. } => None,
        })
    }
}

fn value(assignment: &str) -> Result<Input, String> {
    match assignment.split_once('=') {
        Some((name, text)) if !name.is_empty() => Ok(Input::Value { name: name.to_owned(), text: text.to_owned() }),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

fn file(path: &str) -> Result<Input, String> {
    Ok(Input::File(path.to_owned()))
}

impl FromArgMatches for Assignments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let of = |id: &str| {
            let places = matches.indices_of(id).into_iter().flatten();
            places.zip(matches.get_many::<Input>(id).into_iter().flatten())
        };
        let mut inputs: Vec<(usize, &Input)> = of(FILE).chain(of(VALUE)).collect();
        inputs.sort_by_key(|(place, _)| *place);
        Ok(Self { inputs: inputs.into_iter().map(|(_, input)| input.clone()).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Assignments {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(FILE)
            .long("var-file")
            .value_name("FILE")
            .action(ArgAction::Append)
            .value_parser(file)
            .help("Terraform: a variable file; of these and --var the last one wins");
        let value = Arg::new(VALUE)
            .long("var")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .value_parser(value)
            .help("Terraform: a variable's value");
        command.arg(file).arg(value)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
