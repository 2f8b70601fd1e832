/// Looks at the machine: is there what a suite, or a busy gateway, needs. The calling thread.
@NullMarked
package dev.guildcast.suite.doctor;

import org.jspecify.annotations.NullMarked;
