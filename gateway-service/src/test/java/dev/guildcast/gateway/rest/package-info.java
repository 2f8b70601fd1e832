@NullMarked
package dev.guildcast.gateway.rest;

import org.jspecify.annotations.NullMarked;
