/// What a process is to the others of its installation, by configuration: certificates that are renewed without a
/// restart, or a suite's secret; and the rule that no gRPC port is open without either.
///
/// Configured once when a process starts; a renewed certificate arrives on the thread that watches its files.
@NullMarked
package dev.guildcast.shard.identity;

import org.jspecify.annotations.NullMarked;
