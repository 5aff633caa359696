//! What answers teach, and how names find it.

use super::*;
use serde_json::json;

pub(super) fn resource(item: &str) -> Resource {
    let names = item.len() - item.replace("}/{", "}{").len() + 1;
    let (collection, parameter) = item.rsplit_once('/').expect("an item path");
    let collection = collection.split("/{").next().filter(|_| names > 1).unwrap_or(collection);
    Resource {
        names,
        item: PathTemplate::parse(item).shape(),
        template: item.to_owned(),
        parameters: vec![parameter.trim_matches(['{', '}']).to_owned()],
        collection: collection.rsplit('/').next().unwrap_or_default().to_owned(),
        list: None,
        create: None,
        read: None,
        replace: None,
        change: None,
        delete: None,
        plural: None,
        links: Vec::new(),
        is_enumerated: false,
        is_claimed: false,
    }
}

#[track_caller]
fn check(item: &str, body: &Value, ids: Value) {
    let resource = resource(item);
    let found = listed(body).into_iter().filter_map(|item| identity(item, &resource, true));
    let found: Vec<Value> = found.filter(|name| !name.guessed).flat_map(|name| name.values).collect();
    assert_eq!(Value::Array(found), ids);
}

#[test]
fn ids_are_found_under_their_many_names() {
    check("/assets/{asset_id}", &json!([{"asset_id": 7, "name": "x"}]), json!([7]));
    check("/assets/{assetId}", &json!({"data": [{"id": "a"}], "total": 1}), json!(["a"]));
    check("/pets/{id}", &json!([{"pet_id": 3}]), json!([3]));
    check("/users/{username}", &json!([{"id": 1, "username": "ann"}]), json!(["ann"]));
    check("/teams/{team_id}", &json!([{"colour": "red"}]), json!([]));
}

#[test]
fn the_id_of_a_thing_is_not_taken_for_the_id_of_another_kind() {
    let group = resource("/assets/groups/{id}");
    assert!(produces("/assets", &group) && !is_direct("/assets", &group));
    assert_eq!(identity(&json!({"id": 5}), &group, false), None);
    let details = resource("/findings/details/{finding_number}");
    let name = identity(&json!({"finding_number": "F-1", "id": 5}), &details, false);
    assert_eq!(name.map(|name| name.values), Some(vec![json!("F-1")]));
}

#[test]
fn a_thing_is_the_same_whatever_each_path_calls_its_id() {
    let mut bucket = resource("/buckets/{id}");
    bucket.parameters.push("bucket_id".to_owned());
    let mut pool = Pool::default();
    pool.bind(&bucket.item, Binding { values: vec![json!("b1")], own: true });
    let below = PathTemplate::parse("/buckets/{bucket_id}/collections/{id}");
    let outer = crate::plan::item_prefixes(&below).remove(0);
    let binding = &pool.bindings(&outer)[0];
    assert_eq!(binding.named(&below), BTreeMap::from([("bucket_id".to_owned(), json!("b1"))]));
    let name = identity(&json!({"bucket_id": "b2"}), &bucket, true);
    assert_eq!(name.map(|name| name.values), Some(vec![json!("b2")]));
    pool.unbind("/buckets/{}", &[json!("b1")]);
    assert!(pool.bindings(&outer).is_empty());
}

#[test]
fn a_location_header_names_the_new_item() {
    assert_eq!(located("/nucleus/api/assets/12", "/assets/{asset_id}"), Some(json!(12)));
    assert_eq!(located("http://h/assets/a%20b?x=1", "/assets/{name}"), Some(json!("a b")));
    assert_eq!(located("/jobs/12", "/assets/{asset_id}"), None);
}

#[test]
fn lists_produce_the_items_below_them() {
    assert!(produces("/p/{}/assets", &resource("/p/{x}/assets/{id}")));
    assert!(produces("/p/{}/findings", &resource("/p/{x}/findings/details/{number}")));
    assert!(!produces("/p", &resource("/p/{x}/assets/{id}")));
}

fn api() -> Pool {
    let mut pool = Pool::default();
    for (item, values, own) in [
        ("/owners/{}", vec![json!(7)], false),
        ("/owners/{}", vec![json!(8)], true),
        ("/projects/{}/asset-groups/{}", vec![json!(1), json!("g1")], false),
        ("/projects/{}/asset-groups/{}", vec![json!(2), json!("g2")], false),
    ] {
        pool.bind(item, Binding { values, own });
    }
    pool
}

#[test]
fn names_like_foreign_keys_find_the_things_that_they_refer_to() {
    let known = api().known(BTreeMap::from([("project".to_owned(), json!(2))]));
    assert_eq!(known.values("owner_id"), [&json!(8), &json!(7)], "the run's own comes first");
    assert_eq!(known.values("assetGroupId"), [&json!("g2"), &json!("g1")], "the same project's comes first");
    assert!(known.values("colour_id").is_empty());
}

#[test]
fn a_path_finds_things_of_other_collections() {
    let path = PathTemplate::parse("/reports/{owner_id}");
    let values = api().path_values(&path, &BTreeMap::new(), |_, _| true).expect("an owner is known");
    assert_eq!(values["owner_id"], json!(8));
    let path = PathTemplate::parse("/reports/{id}");
    assert_eq!(api().path_values(&path, &BTreeMap::new(), |_, _| true), None);
}

#[test]
fn values_are_remembered_by_name_and_by_form() {
    let mut pool = Pool::default();
    let uuid = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6");
    pool.learn_names(&json!({"data": [{"traceUuid": uuid, "jobName": "nightly"}]}), 0);
    let known = pool.known(BTreeMap::new());
    assert_eq!(known.of_format("uuid"), std::slice::from_ref(&uuid));
    assert_eq!(known.values("trace_uuid"), [&uuid]);
    assert_eq!(known.values("job-name"), [&json!("nightly")]);
    assert!(known.of_format("email").is_empty());
}

#[test]
fn habit_names_what_nothing_else_names_and_says_so() {
    let guess = |item: &str, body: Value| {
        let name = identity(&body, &resource(item), true)?;
        name.guessed.then(|| name.values[0].clone())
    };
    assert_eq!(guess("/terminals/{terminal_id}", json!({"name": "1", "seen": "x"})), Some(json!("1")));
    assert_eq!(guess("/users/{login}", json!({"id": 7, "name": "x"})), Some(json!(7)));
    assert_eq!(guess("/sessions/{session}", json!({"id": "s1", "name": "x"})), None, "that is no guess");
    assert_eq!(guess("/things/{thing_id}", json!({"colour": "red"})), None);
    check("/sessions/{session}", &json!({"id": "s1"}), json!(["s1"]));
}

#[test]
fn two_parameters_side_by_side_name_a_thing_together() {
    let mirror = resource("/mirrors/{host}/{port}");
    assert_eq!((mirror.names, mirror.above()), (2, "/mirrors"));
    assert!(produces("/mirrors", &mirror) && is_direct("/mirrors", &mirror));
    let name = identity(&json!({"port": 1, "host": "h"}), &mirror, true).map(|name| name.values);
    assert_eq!(name, Some(vec![json!("h"), json!(1)]));
    assert_eq!(identity(&json!({"host": "h", "id": 4}), &mirror, true), None);
}

#[test]
fn what_was_made_is_named_by_the_request_where_the_answer_is_silent() {
    let named = |item: &str, sent: Value| sent_identity(&sent, &resource(item), None);
    assert_eq!(
        named("/mirrors/{host}/{port}", json!({"host": "h", "port": 1})),
        Some(vec![json!("h"), json!(1)])
    );
    assert_eq!(named("/buckets/{bucket_name}", json!({"name": "b"})), Some(vec![json!("b")]));
    assert_eq!(named("/users/{username}", json!({"username": "ann", "id": 1})), Some(vec![json!("ann")]));
    // What is the server's to give may not be what the client asked for.
    assert_eq!(named("/users/{id}", json!({"id": 1})), None);
    assert_eq!(named("/users/{user_id}", json!({"user_id": 1})), None);
    // What such things were found by.
    let topic = json!({"name": "news", "size": 3});
    assert_eq!(sent_identity(&topic, &resource("/topics/{topic}"), None), None);
    assert_eq!(sent_identity(&topic, &resource("/topics/{topic}"), Some("name")), Some(vec![json!("news")]));
}

#[test]
fn what_stands_under_its_own_name_is_the_thing() {
    let orders = resource("/orders/{id}");
    let ids = |body: Value, own: bool| -> Vec<Value> {
        let items = enveloped(&body, &orders, own).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|item| identity(item, &orders, true))
            .filter(|name| !name.guessed)
            .flat_map(|name| name.values)
            .collect()
    };
    assert_eq!(ids(json!({"order": {"id": 5}}), true), [json!(5)]);
    assert_eq!(ids(json!({"id": 900, "order": {"id": 5, "what": "a"}}), true), [json!(5)]);
    assert_eq!(ids(json!({"data": {"order": {"id": 5, "what": "a"}}}), true), [json!(5)]);
    let list = json!({"id": 1, "orders": [{"id": 5}, {"id": 6}], "tags": ["a"]});
    assert_eq!(ids(list.clone(), false), [json!(5), json!(6)]);
    for body in [
        list,
        json!({"id": 5, "order": "first"}),
        json!({"id": 5, "what": "b", "order": {"id": 3, "what": "a"}}),
        json!({"id": 5, "what": "b", "order": {"id": 3}}),
    ] {
        assert_eq!(ids(body.clone(), true), Vec::<Value>::new(), "{body}");
    }
}
