/// What a suite consists of: which services, in which order, on which ports, with which settings. Plain values, any
/// thread.
@NullMarked
package dev.guildcast.suite.plan;

import org.jspecify.annotations.NullMarked;
