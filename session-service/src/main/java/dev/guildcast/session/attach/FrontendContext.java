package dev.guildcast.session.attach;

import dev.guildcast.contract.Topology;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.ResumeProperties;
import java.util.function.LongSupplier;

/// The settings and collaborators that the frontends of all shards on this host share: a record of them, so that they
/// are passed on as one.
///
/// @param secrets source of the unguessable part of session ids
/// @param nanoTime the monotonic clock
public record FrontendContext(
        Topology topology,
        SessionProperties session,
        ResumeProperties resume,
        LogPayloadReader reader,
        LongSupplier secrets,
        LongSupplier nanoTime,
        AttachMetrics metrics) {}
