//! Why a value is not known.

use std::sync::Arc;

/// Two unknowns with the same reason and `what` within one stack are the same value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown {
    pub reason: Reason,
    /// The unknown as the user wrote it: `var.ssl_policy`, `data.aws_lb.main`, `AWS::Region`, `bcrypt(...)`.
    pub what: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A Terraform variable or CloudFormation parameter without a value.
    NoValue,
    /// Read from the outside at plan time (data source, remote state, SSM parameter, dynamic reference).
    LookedUp,
    /// Exported by another stack. Holds the path of the template that is likely to export it.
    Exported(Option<Arc<str>>),
    /// Only deployment can tell (`AWS::StackId`, `uuid()`, `timestamp()`).
    AfterDeployment,
    /// A module, nested template or file whose content is not on disk.
    NotOnDisk,
    /// A file that may not be read: it lies outside of what is linted, or a link leads out.
    Outside,
    /// Code of this file could not be parsed, and is likely to declare it. Holds the file's path.
    Unread(Arc<str>),
    /// A function or construct that is not evaluated.
    NotEvaluated,
    /// A bound of the evaluation was hit.
    TooLarge,
    /// The code is wrong here: the tool that deploys it would refuse it. Holds what is wrong.
    Invalid(Arc<str>),
}

impl Unknown {
    /// What has no value: what is made of an unknown is called "UNKNOWN in OPERATION".
    pub fn cause(&self) -> &str {
        self.what.split(" in ").next().unwrap_or(&self.what)
    }

    /// One clause for a label: "var.ssl_policy has no value here".
    pub fn message(&self) -> String {
        let what = &self.what;
        match &self.reason {
            Reason::NoValue => format!("{what} has no value here"),
            Reason::LookedUp => format!("{what} is looked up when it is deployed"),
            Reason::Exported(None) => format!("{what} is exported by a stack that is not in this code"),
            Reason::Exported(Some(path)) => format!("{what} is likely exported by {path}"),
            Reason::AfterDeployment => format!("{what} is known after deployment only"),
            Reason::NotOnDisk => format!("{what} is not on disk"),
            Reason::Outside => format!("{what} lies outside of what is linted"),
            Reason::Unread(file) => format!("{what} may be declared in {file}, of which a block could not be read"),
            Reason::NotEvaluated => format!("{what} is not evaluated"),
            Reason::TooLarge => format!("{what} is too large to evaluate"),
            Reason::Invalid(why) => format!("{what} is not valid: {why}"),
        }
    }

    /// What would settle it, in a form that the user can type or do.
    pub fn settle(&self) -> String {
        let what = &self.what;
        match &self.reason {
            Reason::NoValue => match what.strip_prefix("var.") {
                Some(name) => {
                    let name = name.split(['.', '[', ' ']).next().unwrap_or(name);
                    format!("give it a value: --var {name}=..., or a terraform.tfvars beside it")
                }
                None => {
                    let name = self.cause();
                    format!("give it a value: --parameters FILE with {name}, or a Default")
                }
            },
            Reason::LookedUp => {
                format!("write the value of {what} as a literal or give it as a variable")
            }
            Reason::Exported(None) => "lint the template that exports it together with this one".to_owned(),
            Reason::Exported(Some(path)) => format!(
                "give {path} its stack-name in an environment of e2e-lint.yaml, and this template its parameters"
            ),
            Reason::AfterDeployment => {
                "write it as a literal, or say in e2e-lint.yaml what the server serves (assume)".to_owned()
            }
            Reason::NotOnDisk if what.starts_with("Fn::Transform") => {
                "lint the processed template: aws cloudformation get-template --template-stage Processed".to_owned()
            }
            Reason::NotOnDisk => format!("bring {what} onto disk (terraform init, or the template beside this one)"),
            Reason::Outside => format!("allow the directory that holds {what} with --allow-root DIR"),
            Reason::Unread(file) => format!("mend the syntax of {file}"),
            Reason::NotEvaluated => "write the value as a literal".to_owned(),
            Reason::TooLarge => "make the expression smaller".to_owned(),
            Reason::Invalid(_) => "mend the code".to_owned(),
        }
    }
}
