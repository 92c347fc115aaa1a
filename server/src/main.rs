//! The binary `comanda`.

use std::process::ExitCode;

use clap::Parser;
use server::config::Config;

fn main() -> ExitCode {
    let config = Config::parse();
    match server::run::run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("comanda: {error:#}");
            ExitCode::FAILURE
        }
    }
}
