//! Templates that the CDK has written.

use super::*;

#[test]
fn resources_of_cdk_applications_name_their_construct() {
    let template = r#"{"Resources": {
  "Lb1": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Metadata": {"aws:cdk:path": "Shop/Lb/Resource"}},
  "Topic2": {"Type": "AWS::SNS::Topic"},
  "CDKMetadata": {"Type": "AWS::CDK::Metadata"}
}}"#;
    let manifest = r#"{"artifacts": {"Shop": {"environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Shop.template.json"}, "metadata": {
  "/Shop/Lb/Resource": [{"type": "aws:cdk:logicalId", "data": "Lb1", "trace": [
    "new Lb (/app/node_modules/aws-cdk-lib/lb.js:1:2)", "new Shop (/app/lib/shop.ts:12:5)"]}],
  "/Shop/Topic/Resource": [{"type": "aws:cdk:logicalId", "data": "Topic2"}]}}}}"#;
    let files = [("cdk.out/Shop.template.json", template), ("cdk.out/manifest.json", manifest)];
    let (_, stacks) = run(&files, &Options::default());
    let lb = resource(&stacks[0], "Lb1").construct.clone().unwrap();
    assert_eq!((&*lb.path, lb.made_at.as_deref()), ("Shop/Lb/Resource", Some("/app/lib/shop.ts:12:5")));
    let topic = resource(&stacks[0], "Topic2").construct.clone().unwrap();
    assert_eq!((&*topic.path, topic.made_at), ("Shop/Topic/Resource", None));
    assert_eq!(resource(&stacks[0], "Topic2").account.as_deref(), Some("111122223333"));
}
