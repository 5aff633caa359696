//! References between files, one kind at a time, and files that are no friends.

use crate::schema::{Direction, Pointer, Validators};
use crate::source::tests::tree::Tree;
use crate::source::{Loaded, ReadOptions};
use serde_json::{Value, json};

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// A document whose one answer has this schema.
fn answering(schema: &str) -> String {
    format!(
        "{HEAD}paths:\n  /a:\n    get:\n      responses:\n        200:\n          description: ok\n          content:\n            application/json:\n              schema: {schema}\n"
    )
}

fn schema_of(loaded: &Loaded) -> Pointer {
    let content = &loaded.api.operations[0].responses[0].contents[0];
    content.schema.clone().expect("a schema")
}

/// Which of the values conform, as a line of `+` and `-`.
fn judged(loaded: &Loaded, direction: Direction, values: &[Value]) -> String {
    let validators = Validators::new(&loaded.api.document);
    let schema = schema_of(loaded);
    let judge = |value| validators.is_valid(&schema, direction, value).expect("compiles");
    values.iter().map(|value| if judge(value) { '+' } else { '-' }).collect()
}

#[track_caller]
fn flawless(tree: &Tree, loaded: &Loaded) {
    assert_eq!(tree.issues(loaded), [""; 0]);
}

async fn load(files: &[(&str, &str)]) -> (Tree, Loaded) {
    let tree = Tree::new(files);
    let loaded = tree.read("api.yaml", &ReadOptions::default()).await;
    (tree, loaded)
}

#[tokio::test]
async fn every_way_to_name_a_schema_leads_to_it() {
    let pet = "{\"type\": \"integer\", \"definitions\": {\"a/b\": {\"type\": \"integer\"}}, \"list\": [{\"type\": \"integer\"}]}";
    for reference in [
        "pet.json",
        "./pet.json",
        "pet.json#",
        "pet.json#/",
        "pet.json#/definitions/a~1b",
        "pet.json#/definitions/a%7E1b",
        "pet.json#/list/0",
        "sub/../pet.json",
        "sub/a%20pet%23.yaml",
        "sub/chain.yaml",
        "sub/chain.yaml#/inner/definitions/a~1b",
        "anchored.yaml#Pet",
        "api.yaml#/x-here",
    ] {
        let root = answering(&format!("{{$ref: '{reference}'}}")) + "x-here: {$ref: pet.json}\n";
        let pet = if reference == "pet.json#/" { format!("{{\"\": {pet}}}") } else { pet.to_owned() };
        let (tree, loaded) = load(&[
            ("api.yaml", &root),
            ("pet.json", &pet),
            ("sub/a pet#.yaml", "{type: integer}"),
            ("sub/chain.yaml", "$ref: ../pet.json\ninner: {$ref: ../pet.json}"),
            ("anchored.yaml", "a: {$anchor: Pet, type: integer}"),
        ])
        .await;
        flawless(&tree, &loaded);
        assert_eq!(judged(&loaded, Direction::Response, &[json!(1), json!("x")]), "+-", "{reference}");
    }
}

#[tokio::test]
async fn schemas_in_files_are_read_as_the_dialect_has_it() {
    let (tree, loaded) = load(&[
        ("api.yaml", &answering("{$ref: 'pet.yaml'}")),
        (
            "pet.yaml",
            "type: object\nrequired: [id, secret]\nproperties:\n  id: {type: integer, readOnly: true}\n  secret: {$ref: '#/Secret'}\n  nick: {type: string, nullable: true}\n  schema: {type: integer, nullable: true}\n  any: {nullable: true, oneOf: [{type: string}, {$ref: '#/x-more/deep'}]}\nSecret: {type: string, writeOnly: true}\nx-more: {deep: {type: integer, exclusiveMinimum: true, minimum: 1}}\n",
        ),
    ])
    .await;
    flawless(&tree, &loaded);
    let values = [
        json!({"id": 1}),
        json!({"secret": "s"}),
        json!({"id": 1, "secret": "s", "nick": null, "schema": null, "any": null}),
        json!({"id": 1, "secret": "s", "any": 1}),
        json!({"id": 1, "secret": "s", "schema": "x"}),
    ];
    assert_eq!(judged(&loaded, Direction::Response, &values), "+-+--");
    assert_eq!(judged(&loaded, Direction::Request, &values), "-++--");
}

#[tokio::test]
async fn schemas_that_are_parts_of_schemas_are_read_once() {
    // The same branch is reached on its own and as a part; a second null would make `oneOf` fail.
    let (tree, loaded) = load(&[
        ("api.yaml", &answering("{properties: {a: {$ref: 'p.yaml#/properties/x'}, b: {$ref: 'p.yaml'}}}")),
        ("p.yaml", "properties:\n  x: {nullable: true, oneOf: [{type: string}]}\n"),
    ])
    .await;
    flawless(&tree, &loaded);
    let values = [json!({"a": null, "b": {"x": null}}), json!({"a": 1}), json!({"b": {"x": 1}})];
    assert_eq!(judged(&loaded, Direction::Response, &values), "+--");
}

#[tokio::test]
async fn a_schema_keeps_the_name_that_the_root_gives_it() {
    let root = answering(
        "{oneOf: [{$ref: dog.yaml}, {$ref: 'all.yaml#/Cat'}], discriminator: {propertyName: kind, mapping: {d: dog.yaml, c: 'all.yaml#/Cat', e: Dog}}}",
    ) + "components:\n  schemas:\n    Dog: {$ref: dog.yaml}\n    Cat: {$ref: 'all.yaml#/Cat'}\n";
    let (tree, loaded) = load(&[
        ("api.yaml", &root),
        ("dog.yaml", "type: object\nproperties: {friend: {$ref: 'all.yaml#/Cat'}}"),
        ("all.yaml", "Cat: {type: object}"),
    ])
    .await;
    flawless(&tree, &loaded);
    let (_, schema) = loaded.api.document.resolve(&schema_of(&loaded)).expect("a schema");
    assert_eq!(schema["oneOf"][0]["$ref"], "#/components/schemas/Dog");
    assert_eq!(
        schema["discriminator"]["mapping"],
        json!({"d": "#/components/schemas/Dog", "c": "#/components/schemas/Cat", "e": "Dog"})
    );
    let root = loaded.api.document.root();
    assert_eq!(root["components"]["schemas"]["Dog"]["$ref"], "#/x-specwarden/files/dog.yaml");
    assert_eq!(
        root["x-specwarden"]["files"]["dog.yaml"]["properties"]["friend"]["$ref"],
        "#/components/schemas/Cat"
    );
}

#[tokio::test]
async fn whole_sections_may_stand_in_files() {
    let (tree, loaded) = load(&[
        ("api.yaml", &format!("{HEAD}paths: {{$ref: paths.yaml}}\ncomponents:\n  schemas: {{$ref: schemas/all.yaml}}\n  securitySchemes: {{$ref: 'security.json#/all'}}\n")),
        ("paths.yaml", "/a:\n  $ref: a.yaml\n/b:\n  get:\n    responses:\n      200:\n        description: ok\n        content: {application/json: {schema: {$ref: 'api.yaml#/components/schemas/Pet'}}}\n"),
        ("a.yaml", "get:\n  parameters: {$ref: parameters.yaml}\n  responses: {200: {description: ok}}\n"),
        ("parameters.yaml", "- {name: q, in: query, schema: {$ref: schemas/pet.yaml}}\n- {name: r, in: query, schema: {type: string}, required: 7}\n"),
        ("schemas/all.yaml", "Pet: {$ref: pet.yaml}\nTag: {type: string}"),
        ("schemas/pet.yaml", "type: object\nproperties: {tag: {$ref: 'all.yaml#/Tag'}}"),
        ("security.json", "{\"all\": {\"key\": {\"type\": \"apiKey\", \"in\": \"header\", \"name\": \"k\"}}}"),
    ])
    .await;
    let found = tree.issues(&loaded);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("parameters.yaml:2:48 #/1/required `required` is not a boolean"),
        "{found:?}"
    );
    assert_eq!(loaded.api.operations.len(), 2);
    assert_eq!(loaded.api.operations[0].parameters[0].name, "q");
    assert_eq!(loaded.api.security_schemes.len(), 1);
    let root = loaded.api.document.root();
    assert_eq!(root["components"]["schemas"]["Tag"], json!({"type": "string"}));
    let content = loaded.api.operations[1].responses[0].contents[0].schema.clone().expect("a schema");
    assert_eq!(loaded.api.document.get(&content), Some(&json!({"$ref": "#/components/schemas/Pet"})));
}

#[tokio::test]
async fn what_cannot_be_had_is_told_once_and_costs_no_more_than_itself() {
    let root = answering(
        "{properties: {a: {$ref: gone.yaml}, b: {$ref: 'gone.yaml#/X'}, c: {$ref: 'here.yaml#/Nope'}, d: {$ref: /etc/passwd}, e: {$ref: 'https://host/x.json?api_key=hush'}, f: {$ref: text.md}, g: {$ref: page.xml}, h: {$ref: sub}, i: {$ref: 'bad.json'}}}",
    ) + "  /b: {$ref: gone.yaml}\n  /c: {get: {responses: {200: {description: fine}}}}\n";
    let (tree, loaded) = load(&[
        ("api.yaml", &root),
        ("here.yaml", "a: 1\na: 2\n---\nb: 1"),
        ("text.md", "just words"),
        ("page.xml", "<a/>"),
        ("sub/x.txt", ""),
        ("bad.json", "{\n  oops"),
    ])
    .await;
    let found = tree.issues(&loaded);
    let check = |words: &str| {
        let hits = found.iter().filter(|issue| issue.contains(words)).count();
        assert_eq!(hits, 1, "{words}: {found:#?}");
    };
    check(
        "reference `gone.yaml` cannot be followed: read `gone.yaml`: no such file; 2 more references fail alike",
    );
    check("schema reference `here.yaml#/Nope` points to nothing");
    check("`/etc/passwd` cannot be followed: absolute paths");
    check("`https://host/x.json?api_key=…` cannot be followed: references to `https://host` are not fetched");
    check("`text.md` holds neither an object nor a list");
    check("`page.xml` is HTML or XML");
    check("`sub`: it is a directory");
    check("parse bad.json:2:3 as JSON");
    check("here.yaml:2:1 #/a key `a` stands here twice");
    check("here.yaml:3:1 # a second YAML document");
    check(":12:3 #/paths/~1b reference `gone.yaml` leads into a file that cannot be had");
    assert!(!format!("{:?}", loaded.issues).contains("hush"));
    let keys: Vec<_> = loaded.api.operations.iter().map(|operation| operation.key.as_str()).collect();
    assert_eq!(keys, ["GET /a", "GET /c"]);
    assert!(loaded.issues.iter().all(|issue| issue.hint.is_some() && issue.line.is_some()), "{found:#?}");
}

#[tokio::test]
async fn circles_of_files_end() {
    let (tree, loaded) = load(&[
        ("api.yaml", &answering("{$ref: a.yaml}")),
        ("a.yaml", "properties: {b: {$ref: b.yaml}, top: {$ref: 'api.yaml#/paths/~1a/get/responses/200/content/application~1json/schema'}}\ntype: object"),
        ("b.yaml", "properties: {a: {$ref: a.yaml}, b: {$ref: '#'}}\ntype: object"),
    ])
    .await;
    flawless(&tree, &loaded);
    let values = [json!({"b": {"a": {"b": {"b": {}}}, "b": {}}}), json!({"b": {"a": {"b": 1}}})];
    assert_eq!(judged(&loaded, Direction::Response, &values), "+-");
    // Those that never come to a definition are told.
    let (tree, loaded) = load(&[
        ("api.yaml", &(answering("{$ref: x.yaml}") + "components: {schemas: {$ref: m.yaml}}\n")),
        ("x.yaml", "$ref: y.yaml"),
        ("y.yaml", "$ref: x.yaml"),
        ("m.yaml", "$ref: n.yaml"),
        ("n.yaml", "$ref: m.yaml"),
    ])
    .await;
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("endless chain"), "{found}");
    assert!(found.contains("it leads to itself through other files"), "{found}");
}

#[tokio::test]
async fn many_files_and_large_ones_stop_at_the_limits() {
    let mut files = vec![("api.yaml".to_owned(), answering("{$ref: f0.yaml}"))];
    files.extend(
        (0..30).map(|i| (format!("f{i}.yaml"), format!("properties: {{n: {{$ref: f{}.yaml}}}}", i + 1))),
    );
    let tree = Tree::new(&files);
    let loaded = tree.read("api.yaml", &ReadOptions { max_files: 7, ..ReadOptions::default() }).await;
    assert_eq!(loaded.files.len(), 7);
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("refers to more than 7 files"), "{found}");
    tree.write("f3.yaml", &format!("x: {}", "y".repeat(3000)));
    let loaded = tree.read("api.yaml", &ReadOptions { max_bytes: 2000, ..ReadOptions::default() }).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("`f3.yaml`: larger than 2000 bytes"), "{found}");
    // Together they may not be larger than one.
    tree.write("f3.yaml", &format!("x: {}", "y".repeat(1950)));
    let loaded = tree.read("api.yaml", &ReadOptions { max_bytes: 2000, ..ReadOptions::default() }).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("all files together are larger than 2000 bytes"), "{found}");
}

#[tokio::test]
async fn bombs_over_several_files_do_not_go_off() {
    let small = &ReadOptions { max_copied: 20_000, ..ReadOptions::default() };
    // Aliases: each file for itself stays below the limit.
    let bomb: String = std::iter::once("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned())
        .chain((1..4).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(","))))
        .collect();
    let names: Vec<String> = (0..5).map(|i| format!("b{i}.yaml")).collect();
    let refs: Vec<String> = names.iter().map(|name| format!("{{$ref: {name}}}")).collect();
    let mut files = vec![("api.yaml".to_owned(), answering(&format!("{{allOf: [{}]}}", refs.join(", "))))];
    files.extend(names.into_iter().map(|name| (name, bomb.clone())));
    let tree = Tree::new(&files);
    let loaded = tree.read("api.yaml", small).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(loaded.files.len() < 5 && found.contains("aliases expand to too many nodes"), "{found}");
    // Substitutions: each level holds the one below ten times.
    let level = |i: usize| {
        let holder = |n: usize| format!("p{n}: {{properties: {{$ref: l{}.yaml}}}}\n", i + 1);
        (format!("l{i}.yaml"), (0..10).map(holder).collect::<String>())
    };
    let mut files = vec![("api.yaml".to_owned(), answering("{properties: {$ref: l0.yaml}}"))];
    files.extend((0..6).map(level));
    files.push(("l6.yaml".to_owned(), "x: {type: string}".to_owned()));
    let tree = Tree::new(&files);
    let loaded = tree.read("api.yaml", small).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("add too many nodes"), "{found}");
}

#[cfg(unix)]
#[tokio::test]
async fn devices_are_not_read() {
    let tree = Tree::new(&[("api.yaml", "")]);
    let up = "../".repeat(tree.path("api.yaml").matches('/').count());
    tree.write("api.yaml", &answering(&format!("{{$ref: '{up}dev/zero'}}")));
    let loaded = tree.read("api.yaml", &ReadOptions::default()).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(found.contains("it is not a plain file"), "{found}");
}

#[tokio::test]
async fn names_by_id_stay_what_they_are() {
    let root = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        200:\n          description: ok\n          content: {application/json: {schema: {properties: {a: {$ref: 'https://example.com/pet'}, b: {$ref: b.json}}}}}\ncomponents:\n  schemas:\n    Pet: {$id: 'https://example.com/pet', type: string}\n";
    let file = "{\"$id\": \"https://example.com/b.json\", \"$ref\": \"#/$defs/X\", \"$defs\": {\"X\": {\"type\": \"object\", \"properties\": {\"self\": {\"$ref\": \"b.json\"}, \"n\": {\"$ref\": \"https://example.com/b.json#/$defs/N\"}}}, \"N\": {\"type\": \"integer\"}}}";
    let (tree, loaded) = load(&[("api.yaml", root), ("b.json", file)]).await;
    let found = tree.issues(&loaded).join("\n");
    assert!(!found.contains("not fetched") && !found.contains("b.json"), "{found}");
    let whole = loaded.api.document.root();
    assert_eq!(whole["components"]["schemas"]["Pet"]["$id"], "https://example.com/pet");
    let b = &whole["x-specwarden"]["files"]["b.json"];
    assert_eq!(b.get("$id"), None);
    assert_eq!(b["$defs"]["X"]["properties"]["self"]["$ref"], "#/x-specwarden/files/b.json");
    assert_eq!(b["$defs"]["X"]["properties"]["n"]["$ref"], "#/x-specwarden/files/b.json/$defs/N");
}
