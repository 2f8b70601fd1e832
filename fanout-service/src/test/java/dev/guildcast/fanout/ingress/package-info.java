/// What publishers may rely on: order, acknowledgement after the append, and rejections that name the invalid field.
@NullMarked
package dev.guildcast.fanout.ingress;

import org.jspecify.annotations.NullMarked;
