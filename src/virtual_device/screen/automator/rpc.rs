//! JSON-RPC 2.0 as jsonrpc4j answers it.

use serde::Serialize;
use serde_json::Value;

use super::Agent;

#[derive(Serialize)]
struct Told {
    code: i32,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
}

/// Why a call has no result.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such method (captured).
    #[error("method not found")]
    NoMethod,
    /// The method takes other parameters. MODEL: jsonrpc4j's words.
    #[error("method parameters invalid")]
    Parameters,
    /// No view fits the selector, which is told. MODEL: the jar's code gives the class's name and the selector.
    #[error("androidx.test.uiautomator.UiObjectNotFoundException")]
    NotFound(String),
    /// The jar has the method; this model does not.
    #[error("com.wetest.uia2.exceptions.NotImplementedException")]
    NotModelled,
}

impl From<Fault> for Told {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::NoMethod => -32601,
            Fault::Parameters => -32602,
            Fault::NotFound(_) | Fault::NotModelled => -32001,
        };
        let message = fault.to_string();
        let data = match fault {
            Fault::NotFound(selector) => Some(selector),
            Fault::NotModelled => Some("this virtual device does not model it".to_owned()),
            _ => None,
        };
        Self { code, message, data }
    }
}

/// Answers one request.
pub async fn answer(agent: &Agent, body: &[u8]) -> Vec<u8> {
    let (id, outcome) = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut request)) => {
            let id = request.remove("id").unwrap_or(Value::Null);
            let method = request.get("method").and_then(Value::as_str).unwrap_or_default().to_owned();
            let parameters = match request.remove("params") {
                Some(Value::Array(parameters)) => parameters,
                _ => Vec::new(),
            };
            (id, agent.call(&method, &parameters).await.map_err(Told::from))
        }
        Ok(_) => (Value::Null, Err(Told { code: -32600, message: "Invalid Request".to_owned(), data: None })),
        Err(_) => (Value::Null, Err(Told { code: -32700, message: "JSON parse error".to_owned(), data: None })),
    };
    let (name, told) = match outcome {
        Ok(result) => ("result", result),
        Err(error) => ("error", serde_json::to_string(&error).unwrap_or_default()),
    };
    // The captured order of fields.
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"{name}\":{told}}}").into_bytes()
}
