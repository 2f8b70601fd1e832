package dev.guildcast.session.link;

import dev.guildcast.contract.Topology;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.ResumeProperties;
import java.util.function.LongSupplier;

/// What every shard's desk on this host shares.
///
/// @param nanoTime the monotonic clock
record LinkParts(
        Topology topology,
        SessionProperties session,
        ResumeProperties resume,
        LogPayloadReader reader,
        Opening.Secrets secrets,
        LongSupplier nanoTime,
        LinkMetrics metrics) {}
