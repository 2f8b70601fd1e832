/// The Java executable, class path and flags of service processes, and their AOT cache. Any thread.
@NullMarked
package dev.guildcast.suite.jvm;

import org.jspecify.annotations.NullMarked;
