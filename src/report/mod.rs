//! A record told: html, junit, json, terminal. Writes no evidence.
