//! Bodies as common frameworks write them.

use crate::exchange::{Body, Response};
use crate::plan::taught;
use serde_json::{Value, json};

#[track_caller]
fn check(body: &Value, expected: &[(&str, &str)]) {
    let response = Response {
        status: 422,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Body(body.to_string().into_bytes()),
        truncated: false,
        packed: None,
    };
    let told: Vec<(String, String)> =
        taught(&response).into_iter().map(|(name, wish)| (name, wish.to_string())).collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(name, wish)| (name.as_str(), wish.as_str())).collect();
    assert_eq!(told, expected, "{body}");
}

#[test]
fn fastapi_and_pydantic() {
    check(
        &json!({"detail": [
            {"loc": ["body", "name"], "msg": "String should have at least 3 characters", "type": "string_too_short", "ctx": {"min_length": 3}},
            {"loc": ["body", "color"], "msg": "Input should be 'red', 'green' or 'blue'", "type": "enum", "ctx": {"expected": "'red', 'green' or 'blue'"}},
            {"loc": ["query", "page"], "msg": "Input should be greater than or equal to 1", "type": "greater_than_equal"},
            {"loc": ["body", "items", 0, "count"], "msg": "Input should be less than 10", "type": "less_than"},
            {"loc": ["body", "owner"], "msg": "Field required", "type": "missing", "input": {}},
            {"loc": ["body", "code"], "msg": "String should match pattern '^[A-Z]{3}$'", "type": "string_pattern_mismatch", "ctx": {"pattern": "^[A-Z]{3}$"}},
        ]}),
        &[
            ("name", "at least 3 characters"),
            ("color", "one of red, green, blue"),
            ("page", "at least 1"),
            ("count", "less than 10"),
            ("owner", "required"),
            ("code", "matching `^[A-Z]{3}$`"),
        ],
    );
    check(
        &json!({"detail": [
            {"loc": ["body", "name"], "msg": "ensure this value has at most 5 characters", "type": "value_error"},
            {"loc": ["body", "kind"], "msg": "value is not a valid enumeration member; permitted: 'a', 'b'", "type": "type_error.enum"},
            {"loc": ["body", "mail"], "msg": "value is not a valid email address", "type": "value_error.email"},
        ]}),
        &[("name", "at most 5 characters"), ("kind", "one of a, b"), ("mail", "a valid email")],
    );
}

#[test]
fn problem_details() {
    check(
        &json!({"type": "about:blank", "title": "Bad Request", "status": 422, "errors": [
            {"detail": "must be at least 18", "pointer": "#/age"},
            {"detail": "must be one of green, red or blue", "pointer": "#/profile/color"}]}),
        &[("age", "at least 18"), ("color", "one of green, red, blue")],
    );
    check(
        &json!({"type": "x", "title": "Your request parameters didn't validate.", "invalid-params": [
            {"name": "age", "reason": "must be a number between 1 and 99"},
            {"name": "color", "reason": "must be 'green', 'red' or 'blue'"}]}),
        &[("age", "at least 1, at most 99")],
    );
    check(
        &json!({"errors": [{"status": "422", "source": {"pointer": "/data/attributes/title"}, "title": "Invalid", "detail": "is too short (minimum is 3 characters)"}]}),
        &[("title", "at least 3 characters")],
    );
}

#[test]
fn asp_net() {
    check(
        &json!({"type": "https://tools.ietf.org/html/rfc9110", "title": "One or more validation errors occurred.", "status": 400, "errors": {
            "Name": ["The field Name must be a string with a minimum length of 3 and a maximum length of 50."],
            "Age": ["The field Age must be between 1 and 100."],
            "$.owner": ["The Owner field is required."],
            "Mail": ["The Mail field is not a valid e-mail address."]}}),
        &[
            ("Name", "at least 3 characters, at most 50 characters"),
            ("Age", "at least 1, at most 100"),
            ("owner", "required"),
            ("Mail", "a valid email"),
        ],
    );
}

#[test]
fn spring_and_bean_validation() {
    check(
        &json!({"status": 400, "error": "Bad Request", "errors": [
            {"field": "name", "defaultMessage": "size must be between 3 and 50", "code": "Size", "rejectedValue": "x"},
            {"field": "age", "defaultMessage": "must be greater than or equal to 18", "code": "Min"},
            {"field": "title", "defaultMessage": "must not be blank", "code": "NotBlank"},
            {"field": "code", "defaultMessage": "must match \"^[a-z]+$\"", "code": "Pattern"},
            {"field": "mail", "defaultMessage": "must be a well-formed email address", "code": "Email"}]}),
        &[
            ("name", "at least 3 characters, at most 50 characters"),
            ("age", "at least 18"),
            ("title", "at least 1 characters"),
            ("code", "matching `^[a-z]+$`"),
            ("mail", "a valid email"),
        ],
    );
    check(
        &json!({"title": "Constraint Violation", "status": 400, "violations": [
            {"field": "create.body.size", "message": "must be less than or equal to 5"},
            {"propertyPath": "name", "message": "This value is too short. It should have 3 characters or more."}]}),
        &[("size", "at most 5"), ("name", "at least 3 characters")],
    );
}

#[test]
fn django_rest() {
    check(
        &json!({
            "name": ["Ensure this field has at least 3 characters."],
            "rank": ["Ensure this value is less than or equal to 9."],
            "owner": ["This field is required."],
            "address": {"zip": ["Ensure this field has no more than 5 characters."]},
            "status": ["\"x\" is not a valid choice."],
            "when": ["Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."],
            "non_field_errors": ["Something else is wrong."]}),
        &[
            ("name", "at least 3 characters"),
            ("rank", "at most 9"),
            ("owner", "required"),
            ("zip", "at most 5 characters"),
            ("when", "a valid date-time"),
        ],
    );
}

#[test]
fn rails_and_laravel() {
    check(
        &json!({"errors": {"name": ["is too short (minimum is 3 characters)", "can't be blank"], "price": ["must be greater than 0"], "kind": ["is not included in the list"]}}),
        &[("name", "at least 3 characters"), ("name", "at least 1 characters"), ("price", "more than 0")],
    );
    check(
        &json!({"errors": ["Name is too long (maximum is 9 characters)", "Owner must exist"]}),
        &[("Name", "at most 9 characters")],
    );
    check(
        &json!({"message": "The given data was invalid.", "errors": {
            "name": ["The name must be at least 3 characters."],
            "email": ["The email field must be a valid email address."],
            "role": ["The selected role is invalid."]}}),
        &[("name", "at least 3 characters"), ("email", "a valid email")],
    );
}

#[test]
fn marshmallow() {
    check(
        &json!({"code": 422, "status": "Unprocessable Entity", "errors": {"json": {
            "name": ["Length must be between 3 and 50."],
            "kind": ["Must be one of: cat, dog."],
            "owner": ["Missing data for required field."],
            "code": ["Shorter than minimum length 4."],
            "rank": ["Must be greater than or equal to 1 and less than or equal to 5."],
            "size": ["Not a valid integer."]}}}),
        &[
            ("name", "at least 3 characters, at most 50 characters"),
            ("kind", "one of cat, dog"),
            ("owner", "required"),
            ("code", "at least 4 characters"),
            ("rank", "at least 1, at most 5"),
        ],
    );
}

#[test]
fn joi_and_celebrate() {
    check(
        &json!({"statusCode": 400, "details": [
            {"message": "\"name\" length must be at least 3 characters long", "path": ["name"], "type": "string.min", "context": {"limit": 3, "label": "name"}},
            {"message": "\"status\" must be one of [open, closed]", "path": ["a", "status"], "type": "any.only", "context": {"valids": ["open", "closed"]}},
            {"message": "\"code\" with value \"x\" fails to match the required pattern: /^[a-z]{2}$/", "path": ["code"], "type": "string.pattern.base"},
            {"message": "\"owner\" is required", "path": ["owner"], "type": "any.required"}]}),
        &[
            ("name", "at least 3 characters"),
            ("status", "one of open, closed"),
            ("code", "matching `^[a-z]{2}$`"),
            ("owner", "required"),
        ],
    );
    check(
        &json!({"statusCode": 400, "error": "Bad Request", "message": "Validation failed", "validation": {"body": {"source": "body", "keys": ["age"], "message": "\"age\" must be greater than or equal to 18"}}}),
        &[("age", "at least 18")],
    );
}

#[test]
fn express_validator_and_class_validator() {
    check(
        &json!({"errors": [
            {"type": "field", "msg": "must be at least 8 characters", "path": "password", "location": "body"},
            {"msg": "Invalid value", "param": "age", "location": "body"}]}),
        &[("password", "at least 8 characters")],
    );
    check(
        &json!({"statusCode": 400, "error": "Bad Request", "message": [
            "name must be longer than or equal to 3 characters",
            "age must not be less than 18",
            "status must be one of the following values: open, closed",
            "email must be an email",
            "owner should not be empty"]}),
        &[
            ("name", "at least 3 characters"),
            ("age", "at least 18"),
            ("status", "one of open, closed"),
            ("email", "a valid email"),
            ("owner", "at least 1 characters"),
        ],
    );
}

#[test]
fn ajv_zod_and_go() {
    check(
        &json!({"errors": [
            {"instancePath": "/name", "keyword": "minLength", "params": {"limit": 3}, "message": "must NOT have fewer than 3 characters"},
            {"instancePath": "/kind", "keyword": "enum", "params": {"allowedValues": ["a", 2]}, "message": "must be equal to one of the allowed values"},
            {"instancePath": "", "keyword": "required", "params": {"missingProperty": "owner"}, "message": "must have required property 'owner'"}]}),
        &[("name", "at least 3 characters"), ("kind", "one of a, 2"), ("owner", "required")],
    );
    check(
        &json!({"statusCode": 400, "code": "FST_ERR_VALIDATION", "message": "body/name must NOT have more than 5 characters"}),
        &[("name", "at most 5 characters")],
    );
    check(
        &json!({"success": false, "error": {"issues": [
            {"code": "too_small", "minimum": 3, "path": ["name"], "message": "String must contain at least 3 character(s)"},
            {"code": "invalid_enum_value", "options": ["a", "b"], "path": ["kind"], "message": "Invalid enum value. Expected 'a' | 'b', received 'c'"}]}}),
        &[("name", "at least 3 characters"), ("kind", "one of a, b")],
    );
    check(
        &json!({"error": "Key: 'User.Name' Error:Field validation for 'Name' failed on the 'required' tag"}),
        &[("Name", "required")],
    );
}

#[test]
fn plain_words_of_servers_without_a_framework() {
    check(&json!({"error": "Key 'name' not present or not a String"}), &[("name", "required")]);
    check(&json!({"error": "Query q can't be blank"}), &[("q", "at least 1 characters")]);
    check(
        &json!({"error": "object_type must be one of the following options: all, zone, record, comment"}),
        &[("object_type", "one of all, zone, record, comment")],
    );
    check(&json!({"message": "Attribute `size` must be specified"}), &[("size", "required")]);
    check(&json!({"message": "key is required"}), &[("key", "required")]);
}

#[test]
fn what_is_not_understood_teaches_nothing() {
    check(&json!({"error": "no such team"}), &[]);
    check(&json!({"message": "it ends before it begins"}), &[]);
    check(&json!({"error": {"code": 422, "message": "too much for a gift"}}), &[]);
    check(&json!({"name": "at least 3 characters", "id": 7}), &[]);
    check(&json!({"errors": []}), &[]);
    check(&json!("must be at least 3"), &[]);
    check(&json!({"message": "Authentication is required"}), &[("Authentication", "required")]);
    let answer = Response {
        status: 409,
        headers: Vec::new(),
        body: Body(b"{\"errors\": {\"a\": [\"is required\"]}}".to_vec()),
        truncated: false,
        packed: None,
    };
    assert_eq!(taught(&answer), []);
}

#[test]
fn no_message_breaks_the_reader() {
    for text in [
        "between",
        "at least",
        "one of",
        "pattern '",
        "must match /",
        "é between 1 and",
        "one of [",
        "at least -",
        "at least 9999999999999999999999 characters",
        "'",
        "The",
        "the field",
    ] {
        check(&json!({"errors": {"a": [text]}}), &[]);
        check(&json!({"message": text}), &[]);
    }
}
