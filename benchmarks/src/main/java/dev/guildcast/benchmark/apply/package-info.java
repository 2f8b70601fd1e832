/// The cost of one record in the two deterministic stages, without logs, threads or network: JMH, one thread.
@NullMarked
package dev.guildcast.benchmark.apply;

import org.jspecify.annotations.NullMarked;
