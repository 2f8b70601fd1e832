package dev.guildcast.session.testing;

import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.stream.LinkTransport;
import java.util.ArrayList;
import java.util.List;

/// Records what a gateway would have received.
public final class RecordingTransport implements LinkTransport {
    public final List<HostMessage> sent = new ArrayList<>();
    public boolean ready = true;

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(HostMessage message) {
        sent.add(message);
    }

    /// Removes and returns the messages received, as text: `1:s2 MESSAGE_CREATE` is sequence 2 for handle 1.
    public List<String> take() {
        var messages = new ArrayList<String>();
        for (var message : sent) {
            switch (message.getMessageCase()) {
                case HELLO -> messages.add("hello");
                case OPENED -> messages.add(message.getOpened().getHandle() + ":opened");
                case REFUSED ->
                    messages.add(message.getRefused().getHandle() + ":refused "
                            + message.getRefused().getCloseCode());
                case BATCH -> {
                    for (var dispatch : message.getBatch().getDispatchesList()) {
                        for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                            messages.add(dispatch.getHandles(i) + ":s" + dispatch.getSequences(i) + " "
                                    + dispatch.getType());
                        }
                    }
                }
                case REPLAY_DONE -> messages.add(message.getReplayDone().getHandle() + ":done");
                case COMMAND_ACK ->
                    messages.add(message.getCommandAck().getHandle() + ":ack "
                            + message.getCommandAck().getNumber());
                case RETRY -> messages.add(message.getRetry().getHandle() + ":retry");
                case INVALID -> messages.add(message.getInvalid().getHandle() + ":invalid");
                case SUPERSEDED -> messages.add(message.getSuperseded().getHandle() + ":superseded");
                case CLOSED -> messages.add(message.getClosed().getHandle() + ":closed");
                case PARKED -> messages.add(message.getParked().getHandle() + ":parked");
                case MOVED ->
                    messages.add("moved"
                            + (message.getMoved().getHandlesCount() == 0
                                    ? ""
                                    : " " + message.getMoved().getHandlesList()));
                case ATTACHMENT -> messages.add(message.getAttachment().getHandle() + ":attached");
                case PONG ->
                    messages.add(
                            message.getPong().hasShard()
                                    ? "pong of shard " + message.getPong().getShard()
                                    : "pong");
                case MESSAGE_NOT_SET -> throw new AssertionError("a HostMessage without content");
            }
        }
        sent.clear();
        return messages;
    }
}
