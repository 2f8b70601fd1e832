/// What other processes can see of a suite: its folder and its status file. Any thread.
@NullMarked
package dev.guildcast.suite.status;

import org.jspecify.annotations.NullMarked;
