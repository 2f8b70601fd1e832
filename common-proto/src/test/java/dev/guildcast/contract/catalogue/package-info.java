/// What each published event becomes, and which ones are refused.
@NullMarked
package dev.guildcast.contract.catalogue;

import org.jspecify.annotations.NullMarked;
