/// What is known of a suite from outside its process: its folder, and the file in which it says how it is. Any thread.
@NullMarked
package dev.guildcast.suite.status;

import org.jspecify.annotations.NullMarked;
