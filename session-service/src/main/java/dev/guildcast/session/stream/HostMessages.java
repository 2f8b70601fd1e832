package dev.guildcast.session.stream;

import dev.guildcast.link.v1.Closed;
import dev.guildcast.link.v1.CommandAck;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Invalid;
import dev.guildcast.link.v1.Moved;
import dev.guildcast.link.v1.Opened;
import dev.guildcast.link.v1.Parked;
import dev.guildcast.link.v1.Pong;
import dev.guildcast.link.v1.Refused;
import dev.guildcast.link.v1.ReplayDone;
import dev.guildcast.link.v1.Retry;
import dev.guildcast.link.v1.Superseded;

/// Builds the messages of a host to a gateway, except batches of dispatches.
public final class HostMessages {
    private HostMessages() {}

    public static HostMessage opened(long handle, String sessionId) {
        return HostMessage.newBuilder()
                .setOpened(Opened.newBuilder().setHandle(handle).setSessionId(sessionId))
                .build();
    }

    public static HostMessage attachment(long handle) {
        return HostMessage.newBuilder()
                .setAttachment(dev.guildcast.link.v1.Attachment.newBuilder().setHandle(handle))
                .build();
    }

    public static HostMessage refused(long handle, LinkCloseCode code) {
        return HostMessage.newBuilder()
                .setRefused(Refused.newBuilder().setHandle(handle).setCloseCode(code.code()))
                .build();
    }

    public static HostMessage replayDone(long handle, int sequence) {
        return HostMessage.newBuilder()
                .setReplayDone(ReplayDone.newBuilder().setHandle(handle).setSequence(sequence))
                .build();
    }

    public static HostMessage commandAck(long handle, long number) {
        return HostMessage.newBuilder()
                .setCommandAck(CommandAck.newBuilder().setHandle(handle).setNumber(number))
                .build();
    }

    public static HostMessage retry(long handle) {
        return HostMessage.newBuilder()
                .setRetry(Retry.newBuilder().setHandle(handle))
                .build();
    }

    public static HostMessage invalid(long handle) {
        return HostMessage.newBuilder()
                .setInvalid(Invalid.newBuilder().setHandle(handle))
                .build();
    }

    public static HostMessage superseded(long handle) {
        return HostMessage.newBuilder()
                .setSuperseded(Superseded.newBuilder().setHandle(handle))
                .build();
    }

    public static HostMessage closed(long handle) {
        return HostMessage.newBuilder()
                .setClosed(Closed.newBuilder().setHandle(handle))
                .build();
    }

    public static HostMessage parked(long handle) {
        return HostMessage.newBuilder()
                .setParked(Parked.newBuilder().setHandle(handle))
                .build();
    }

    /// The stream's own response to a ping.
    public static HostMessage pong(long id) {
        return HostMessage.newBuilder().setPong(Pong.newBuilder().setId(id)).build();
    }

    /// The response of a shard's loop to a ping.
    public static HostMessage pong(long id, int shard) {
        return HostMessage.newBuilder()
                .setPong(Pong.newBuilder().setId(id).setShard(shard))
                .build();
    }

    public static HostMessage moved(int shard, long handle) {
        return HostMessage.newBuilder()
                .setMoved(Moved.newBuilder().setShard(shard).addHandles(handle))
                .build();
    }

    /// Moved for all connections of the shard on this stream.
    public static HostMessage moved(int shard) {
        return HostMessage.newBuilder()
                .setMoved(Moved.newBuilder().setShard(shard))
                .build();
    }
}
