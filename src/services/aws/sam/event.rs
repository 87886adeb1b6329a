//! Events of functions: the mappings that read queues and streams, and the subscriptions to topics.

use super::{body, made as resource};
use crate::resource::Resource;
use crate::source::Span;
use crate::value::{Object, Value};

/// Kinds of events that become an event source mapping, and the property that says of what.
const POLLED: [(&str, &str); 6] = [
    ("DocumentDB", "Cluster"),
    ("DynamoDB", "Stream"),
    ("Kinesis", "Stream"),
    ("MQ", "Broker"),
    ("MSK", "Stream"),
    ("SQS", "Queue"),
];

/// Source: "Generated CloudFormation resources for event sources" of the SAM guide, and the SAM translator.
pub(super) fn made(function: &Resource) -> Vec<Resource> {
    let events = function.get("Events").and_then(Value::as_object);
    events.into_iter().flatten().flat_map(|(name, event)| of_event(function, name, event)).collect()
}

fn of_event(function: &Resource, name: &str, event: &Value) -> Vec<Resource> {
    let Some((kind, properties)) = event.get("Type").and_then(Value::as_str).zip(event.get("Properties")) else {
        return Vec::new();
    };
    let id = format!("{}{name}", function.address);
    if kind == "SNS" {
        return subscribed(function, &id, properties);
    }
    let polled = POLLED.iter().find(|(polled, _)| *polled == kind).and_then(|(_, source)| properties.get(source));
    polled.map(|source| mapping(function, id, source, properties.get("Enabled"))).into_iter().collect()
}

fn mapping(function: &Resource, address: String, source: &Value, enabled: Option<&Value>) -> Resource {
    let mut settings = body([("EventSourceArn", source.clone()), ("FunctionName", itself(function, source.span()))]);
    settings.extend(enabled.map(|enabled| ("Enabled".into(), enabled.clone())));
    resource(function, address, "AWS::Lambda::EventSourceMapping", settings, source.span())
}

/// A topic calls the function, or fills a queue that the function is called for: its own, or one that SAM makes.
fn subscribed(function: &Resource, id: &str, properties: &Value) -> Vec<Resource> {
    let Some(topic) = properties.get("Topic") else { return Vec::new() };
    let span = topic.span();
    let subscription = |protocol: &str, endpoint: Value| {
        let settings =
            body([("TopicArn", topic.clone()), ("Protocol", Value::string(protocol, span)), ("Endpoint", endpoint)]);
        resource(function, id.to_owned(), "AWS::SNS::Subscription", settings, span)
    };
    let by_queue = properties.get("SqsSubscription").filter(|queue| queue.as_bool() != Some(false) && !queue.is_null());
    let Some(by_queue) = by_queue else {
        return vec![subscription("lambda", itself(function, span))];
    };
    let polled = |queue: &Value| mapping(function, format!("{id}EventSourceMapping"), queue, by_queue.get("Enabled"));
    if let Some(queue) = by_queue.get("QueueArn") {
        return vec![subscription("sqs", queue.clone()), polled(queue)];
    }
    let address = format!("{id}Queue");
    let queue = Value::reference(address.as_str(), "Arn", span);
    let made = resource(function, address, "AWS::SQS::Queue", Object::default(), span);
    vec![subscription("sqs", queue.clone()), polled(&queue), made]
}

fn itself(function: &Resource, span: Span) -> Value {
    Value::reference(function.address.shared(), "Arn", span)
}
