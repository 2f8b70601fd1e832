/// What publishers may rely on: order, answers after the append, and refusals that name what is wrong.
@NullMarked
package dev.guildcast.fanout.ingress;

import org.jspecify.annotations.NullMarked;
