/// A plain client of the gateway that prints what it is sent and checks the numbers. HTTP client threads.
@NullMarked
package dev.guildcast.suite.watch;

import org.jspecify.annotations.NullMarked;
