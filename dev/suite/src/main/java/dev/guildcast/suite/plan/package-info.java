/// The composition of a suite: its services, their order, ports and settings. Plain values, any thread.
@NullMarked
package dev.guildcast.suite.plan;

import org.jspecify.annotations.NullMarked;
