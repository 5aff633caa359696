//! The pages a person sees in the browser: a way in, and the API docs with *Authorize* and *Try it out*.
//!
//! They load nothing from outside.

use crate::demo::contract::BASE_PATH;
use crate::demo::keys::DemoKeys;

/// Where the files of the API docs are served.
pub(crate) const DOCS_FILES: &str = "/docs/files";

/// The page at `/`.
pub(crate) fn landing(keys: &DemoKeys) -> String {
    let DemoKeys { user, viewer, partner, editor, revoked } = keys;
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demo instance</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1c2733 }}
a.button {{ display: inline-block; padding: .5rem 1rem; border-radius: .3rem; background: #0b5cad; color: #fff; text-decoration: none }}
code {{ background: #eef2f6; padding: .1rem .3rem; border-radius: .2rem }}
td, th {{ text-align: left; padding: .25rem 1rem .25rem 0; vertical-align: top }}
</style>
</head>
<body>
<h1>Vulnerability management demo</h1>
<p>An in-memory staging instance. It listens on this machine only and forgets everything when it stops.</p>
<p><a class="button" href="/docs/">View API Docs</a> or take the document: <a href="{BASE_PATH}/swagger.json">swagger.json</a></p>
<h2>Keys</h2>
<p>Send one in the header <code>x-apikey</code>, or press <em>Authorize</em> in the docs and paste it.</p>
<table>
<tr><th>Key</th><th>Reaches</th></tr>
<tr><td><code>{user}</code></td><td>everything (administrator)</td></tr>
<tr><td><code>{viewer}</code></td><td>reads project 1 (service account)</td></tr>
<tr><td><code>{partner}</code></td><td>works in project 2 alone (service account)</td></tr>
<tr><td><code>{editor}</code></td><td>works in project 1 alone (service account)</td></tr>
<tr><td><code>{revoked}</code></td><td>nothing: it was regenerated</td></tr>
</table>
</body>
</html>
"#
    )
}

/// The page at `/docs/`.
pub(crate) fn docs() -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API Docs</title>
<link rel="stylesheet" href="{DOCS_FILES}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{DOCS_FILES}/swagger-ui-bundle.js"></script>
<script>
window.ui = SwaggerUIBundle({{
  url: "{BASE_PATH}/swagger.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null
}});
</script>
</body>
</html>
"##
    )
}
