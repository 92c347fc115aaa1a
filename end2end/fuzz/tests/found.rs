//! Inputs that once broke something: they never do again.

use std::fs;
use std::path::Path;

use fuzz::TARGETS;

#[test]
fn what_was_found_is_mended() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    for folder in fs::read_dir(&found).expect("what was found is here") {
        let folder = folder.expect("it can be listed").path();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let target = TARGETS.iter().find(|target| target.name == name);
        let target = target.unwrap_or_else(|| panic!("{} is no target", folder.display()));
        for input in fs::read_dir(&folder).expect("a folder for each target") {
            let path = input.expect("it can be listed").path();
            println!("{}", path.display());
            (target.run)(&fs::read(&path).expect("it can be read"));
        }
    }
}
