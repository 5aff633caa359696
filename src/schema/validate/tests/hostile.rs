//! Tests of schemas that would not end, would not compile, or would not fit.

use crate::schema::validate::Validators;
use crate::schema::{Dialect, Direction, Document, Pointer};
use serde_json::{Map, Value, json};

fn judge(dialect: Dialect, schemas: Value, name: &str, value: &Value) -> Result<bool, String> {
    let validators = Validators::new(&Document::new(json!({"definitions": schemas}), dialect));
    let at = Pointer::root().push("definitions").push(name);
    validators.is_valid(&at, Direction::Response, value).map_err(|problem| problem.to_string())
}

const BOTH: [Dialect; 2] = [Dialect::Draft4, Dialect::Draft202012];

#[test]
fn a_schema_that_is_its_own_part_ends() {
    for dialect in BOTH {
        for schema in [
            json!({"allOf": [{"$ref": "#/definitions/It"}], "type": "string"}),
            json!({"anyOf": [{"$ref": "#/definitions/Other"}, {"type": "string"}]}),
            json!({"not": {"not": {"$ref": "#/definitions/It"}}, "type": "string"}),
        ] {
            let schemas = json!({"It": schema, "Other": {"allOf": [{"$ref": "#/definitions/It"}]}});
            assert_eq!(judge(dialect, schemas, "It", &json!("x")), Ok(true), "{dialect:?}");
        }
        let circle = json!({"It": {"$ref": "#/definitions/Other"}, "Other": {"$ref": "#/definitions/It"}});
        _ = judge(dialect, circle, "It", &json!(1));
        _ = judge(dialect, json!({"It": {"$ref": "#/definitions/It"}}), "It", &json!(1));
        _ = judge(dialect, json!({"It": {"$ref": "#"}}), "It", &json!(1));
    }
}

#[test]
fn a_recursive_schema_judges_every_level() {
    let schemas = json!({"It": {"type": "object", "properties": {"next": {"$ref": "#/definitions/It"}}}});
    let mut value = json!({"next": 1});
    for _ in 0..100 {
        value = json!({"next": value});
    }
    for dialect in BOTH {
        assert_eq!(judge(dialect, schemas.clone(), "It", &value), Ok(false));
        assert_eq!(judge(dialect, schemas.clone(), "It", &json!({"next": {"next": {}}})), Ok(true));
    }
}

#[test]
fn long_chains_of_schemas_are_judged_or_refused() {
    let chain = |length: usize, link: fn(Value) -> Value| {
        let mut schemas: Map<String, Value> = (0..length)
            .map(|n| (n.to_string(), link(json!({"$ref": format!("#/definitions/{}", n + 1)}))))
            .collect();
        schemas.insert(length.to_string(), json!({"type": "string"}));
        Value::Object(schemas)
    };
    let links: [fn(Value) -> Value; 2] = [|reference| reference, |reference| json!({"allOf": [reference]})];
    for link in links {
        for dialect in BOTH {
            assert_eq!(judge(dialect, chain(900, link), "0", &json!(1)), Ok(false));
            let problem = judge(dialect, chain(3000, link), "0", &json!(1)).expect_err("refused");
            assert!(problem.contains("stand inside each other"), "{problem}");
        }
    }
    // One step of the value for each: no chain at all.
    let steps = chain(3000, |reference| json!({"items": reference}));
    assert_eq!(judge(Dialect::Draft202012, steps, "0", &json!([[1]])), Ok(true));
}

#[test]
fn a_deep_value_under_a_long_chain_is_judged_without_overflow() {
    let mut schemas: Map<String, Value> = (0..900)
        .map(|n| (n.to_string(), json!({"allOf": [{"$ref": format!("#/definitions/{}", n + 1)}]})))
        .collect();
    schemas.insert("900".into(), json!({"type": "array", "items": {"$ref": "#/definitions/0"}}));
    let value = (0..120).fold(json!([]), |inner, _| json!([inner]));
    assert_eq!(judge(Dialect::Draft202012, Value::Object(schemas.clone()), "0", &value), Ok(true));
    let value = (0..120).fold(json!(1), |inner, _| json!([inner]));
    let document = Document::new(json!({"definitions": schemas}), Dialect::Draft202012);
    let at = Pointer::root().push("definitions").push("0");
    let errors = Validators::new(&document).validate(&at, Direction::Response, &value).expect("judged");
    assert_eq!((errors.len(), errors[0].instance.tokens().len()), (1, 120));
}

#[test]
fn deep_nesting_is_judged_or_refused() {
    let nested = |depth: usize, keyword: &str| {
        (0..depth).fold(json!({"type": "string"}), |inner, _| match keyword {
            "allOf" => json!({"allOf": [inner]}),
            keyword => json!({keyword: inner}),
        })
    };
    for keyword in ["allOf", "not", "items", "additionalProperties"] {
        assert!(judge(Dialect::Draft4, json!({"It": nested(250, keyword)}), "It", &json!([1])).is_ok());
        let problem = judge(Dialect::Draft4, json!({"It": nested(400, keyword)}), "It", &json!([1]));
        assert!(problem.expect_err("refused").contains("nests more than 256 levels"));
    }
}

#[test]
fn a_huge_enumeration_and_a_huge_object_are_judged() {
    let names: Vec<String> = (0..10_000).map(|n| format!("name-{n}")).collect();
    let properties: Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({"type": "integer"}))).collect();
    let schemas =
        json!({"Enum": {"enum": names}, "Object": {"properties": properties, "additionalProperties": false}});
    assert_eq!(judge(Dialect::Draft4, schemas.clone(), "Enum", &json!("name-9999")), Ok(true));
    assert_eq!(judge(Dialect::Draft4, schemas.clone(), "Enum", &json!("name")), Ok(false));
    assert_eq!(judge(Dialect::Draft4, schemas, "Object", &json!({"name-7": "x"})), Ok(false));
}

#[test]
fn what_reaches_too_much_is_refused() {
    let values = vec![Value::Null; 2_000_001];
    let problem = judge(Dialect::Draft4, json!({"It": {"enum": Value::Array(values)}}), "It", &json!(1))
        .expect_err("refused");
    assert!(problem.contains("reaches more than 2000000"), "{problem}");
}

#[test]
fn references_that_fan_out_are_compiled_once() {
    // Each schema refers to the next one twice: 2^40 ways, 40 schemas.
    let mut schemas: Map<String, Value> = (0..40)
        .map(|n| {
            let next = json!({"$ref": format!("#/definitions/{}", n + 1)});
            (n.to_string(), json!({"properties": {"a": next, "b": next}}))
        })
        .collect();
    schemas.insert("40".into(), json!({"type": "string"}));
    for dialect in BOTH {
        assert_eq!(judge(dialect, Value::Object(schemas.clone()), "0", &json!({"a": {"b": {}}})), Ok(true));
    }
}

#[test]
fn one_bad_schema_fails_alone_and_again() {
    let bad = json!({"type": "object", "properties": []});
    let root = json!({"definitions": {"Good": {"type": "string"}, "Bad": bad, "User": {"items": {"$ref": "#/definitions/Bad"}}}});
    for dialect in BOTH {
        let validators = Validators::new(&Document::new(root.clone(), dialect));
        let at = |name: &str| Pointer::root().push("definitions").push(name);
        for _ in 0..2 {
            assert!(validators.is_valid(&at("Bad"), Direction::Request, &json!(1)).is_err());
            assert!(validators.is_valid(&at("User"), Direction::Request, &json!([1])).is_err());
            assert_eq!(validators.is_valid(&at("Good"), Direction::Request, &json!(1)), Ok(false));
        }
    }
}
