/// Verifies a running suite from outside: what was published, what clients received, and whether that is correct.
///
/// Nothing here depends on the services. The packages are `traffic` (a seeded plan and its publishers), `client` (two
/// kinds of client that record all they receive), `model` (an independent model of who may see what) and `verdict` (the
/// comparison). The types of this package are values, and [Recording], to which any thread may write.
@NullMarked
package dev.guildcast.witness;

import org.jspecify.annotations.NullMarked;
