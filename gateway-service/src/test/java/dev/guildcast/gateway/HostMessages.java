package dev.guildcast.gateway;

import com.google.protobuf.ByteString;
import dev.guildcast.link.v1.Attachment;
import dev.guildcast.link.v1.Closed;
import dev.guildcast.link.v1.CommandAck;
import dev.guildcast.link.v1.Dispatch;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostHello;
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
import java.nio.charset.StandardCharsets;

/// Builds the messages of a session host.
final class HostMessages {
    private HostMessages() {}

    static HostMessage hello() {
        return HostMessage.newBuilder()
                .setHello(HostHello.newBuilder().setNodeId("fake").setAnswersPings(true))
                .build();
    }

    static HostMessage pong(long id) {
        return HostMessage.newBuilder().setPong(Pong.newBuilder().setId(id)).build();
    }

    static HostMessage opened(long handle, String sessionId) {
        return HostMessage.newBuilder()
                .setOpened(Opened.newBuilder().setHandle(handle).setSessionId(sessionId))
                .build();
    }

    static HostMessage attached(long handle) {
        return HostMessage.newBuilder()
                .setAttachment(Attachment.newBuilder().setHandle(handle))
                .build();
    }

    static HostMessage replayDone(long handle) {
        return HostMessage.newBuilder()
                .setReplayDone(ReplayDone.newBuilder().setHandle(handle))
                .build();
    }

    static HostMessage dispatch(long handle, int sequence, String type, String data) {
        var bytes = ByteString.copyFrom(data, StandardCharsets.UTF_8);
        return HostMessage.newBuilder()
                .setBatch(DispatchBatch.newBuilder()
                        .setCharge(bytes.size())
                        .addDispatches(Dispatch.newBuilder()
                                .setType(type)
                                .setData(bytes)
                                .addHandles(handle)
                                .addSequences(sequence)
                                .setPublishedMillis(System.currentTimeMillis())))
                .build();
    }

    static HostMessage commandAck(long handle, long number) {
        return HostMessage.newBuilder()
                .setCommandAck(CommandAck.newBuilder().setHandle(handle).setNumber(number))
                .build();
    }

    static HostMessage invalid(long handle) {
        return HostMessage.newBuilder()
                .setInvalid(Invalid.newBuilder().setHandle(handle))
                .build();
    }

    static HostMessage refused(long handle, int closeCode) {
        return HostMessage.newBuilder()
                .setRefused(Refused.newBuilder().setHandle(handle).setCloseCode(closeCode))
                .build();
    }

    static HostMessage superseded(long handle) {
        return HostMessage.newBuilder()
                .setSuperseded(Superseded.newBuilder().setHandle(handle))
                .build();
    }

    static HostMessage retry(long handle) {
        return HostMessage.newBuilder()
                .setRetry(Retry.newBuilder().setHandle(handle))
                .build();
    }

    /// The response to one request for a shard that this host does not own.
    static HostMessage moved(int shard, long handle) {
        return HostMessage.newBuilder()
                .setMoved(Moved.newBuilder().setShard(shard).addHandles(handle))
                .build();
    }

    /// Tells all sessions of a shard that this host no longer owns it.
    static HostMessage moved(int shard) {
        return HostMessage.newBuilder()
                .setMoved(Moved.newBuilder().setShard(shard))
                .build();
    }

    static HostMessage parked(long handle) {
        return HostMessage.newBuilder()
                .setParked(Parked.newBuilder().setHandle(handle))
                .build();
    }

    static HostMessage closed(long handle) {
        return HostMessage.newBuilder()
                .setClosed(Closed.newBuilder().setHandle(handle))
                .build();
    }
}
