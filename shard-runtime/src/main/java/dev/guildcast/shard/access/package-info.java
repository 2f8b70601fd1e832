/// Who may call what: the roles of an installation's processes, the table of gRPC methods, and the checks at both ends
/// of a call.
///
/// Runs on the threads of gRPC, never blocks, and keeps no state of its own.
@NullMarked
package dev.guildcast.shard.access;

import org.jspecify.annotations.NullMarked;
