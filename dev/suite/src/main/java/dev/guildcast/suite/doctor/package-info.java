/// Checks the machine for what a suite or a busy gateway needs. Runs on the calling thread.
@NullMarked
package dev.guildcast.suite.doctor;

import org.jspecify.annotations.NullMarked;
