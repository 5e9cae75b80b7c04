# make demo    plays a whole incident, with what it needs installed first
# make test    everything that must pass, the same way
# make test-lists   our posts through a real Mailman 3, which it installs: for every night
# make build   the program: target/release/sirt
# make lint    formatting and lints alone    make fmt    formats    make clean    forgets

.POSIX:
.PHONY: demo test test-lists build lint fmt clean rust packages-build packages-test packages-lists

# The version that Cargo.toml names is that of a library; 1.95 to 1.97 build it just as well.
CARGO_FLAGS = --locked $$(sh contrib/rust-version)

demo: build
	target/release/sirt tabletop fixtures/tabletop/log4shell.toml --dir target/demo

build: packages-build rust
	cargo build --release $(CARGO_FLAGS)

test: packages-test rust lint
	cargo test --release $(CARGO_FLAGS)

test-lists: packages-lists rust
	cargo test --release $(CARGO_FLAGS) --test main -- --ignored --nocapture servers::mailman

# Everything is built in release only: OpenPGP is slow to build and slower to run without.
lint: rust
	cargo fmt --check
	cargo clippy --release --all-targets $(CARGO_FLAGS) -- -D warnings

fmt:
	cargo fmt

clean:
	cargo clean

rust: packages-build
	@sh contrib/rust-version >/dev/null

packages-build:
	@sh contrib/packages build

packages-test:
	@sh contrib/packages test

packages-lists:
	@sh contrib/packages lists
