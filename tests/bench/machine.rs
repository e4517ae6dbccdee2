//! The machine that figures were made on.

use std::fs;

use serde_json::{Value, json};

/// What of it matters.
pub(crate) fn machine() -> Value {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map(|model| model.trim_start_matches(['\t', ' ', ':']).to_owned());
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "model": model,
        "memory": memory.map(str::trim),
        "load_before": load.split(' ').next(),
    })
}
