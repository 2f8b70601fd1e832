/// Judges a running suite from outside: what was published, what clients got, and whether that is right.
///
/// Nothing here knows how the services work. The packages are `traffic` (a seeded plan and those who publish it),
/// `client` (two kinds of client that write down all they get), `model` (who may see what, worked out anew) and
/// `verdict` (the comparison). Types of this package are values, and [Recording], which any thread may write to.
@NullMarked
package dev.guildcast.witness;

import org.jspecify.annotations.NullMarked;
