/// The commands of ./guildcast, one class each. Each runs on the main thread; its return value is the exit code.
@NullMarked
package dev.guildcast.suite.command;

import org.jspecify.annotations.NullMarked;
