/// A seeded simulation of the whole delivery path in one thread: the machines, desks and lines that production runs,
/// with logs in memory, and clients and backends around them. Every fault that the rules speak of happens here, and an
/// independent reading of the logs says what every client must have received.
@NullMarked
package dev.guildcast.system.simulation;

import org.jspecify.annotations.NullMarked;
