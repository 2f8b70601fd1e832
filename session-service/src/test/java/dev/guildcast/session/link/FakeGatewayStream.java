package dev.guildcast.session.link;

import dev.guildcast.link.v1.HostMessage;
import java.util.ArrayList;
import java.util.List;

/// What a gateway would have received.
final class FakeGatewayStream implements LinkStream {
    final List<HostMessage> sent = new ArrayList<>();
    boolean ready = true;

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void send(HostMessage message) {
        sent.add(message);
    }

    /// Takes what has come, in words: `1:s2 MESSAGE_CREATE` is sequence 2 for handle 1.
    List<String> take() {
        var words = new ArrayList<String>();
        for (var message : sent) {
            switch (message.getMessageCase()) {
                case HELLO -> words.add("hello");
                case OPENED -> words.add(message.getOpened().getHandle() + ":opened");
                case REFUSED ->
                    words.add(message.getRefused().getHandle() + ":refused "
                            + message.getRefused().getCloseCode());
                case BATCH -> {
                    for (var dispatch : message.getBatch().getDispatchesList()) {
                        for (int i = 0; i < dispatch.getHandlesCount(); i++) {
                            words.add(dispatch.getHandles(i) + ":s" + dispatch.getSequences(i) + " "
                                    + dispatch.getType());
                        }
                    }
                }
                case REPLAY_DONE -> words.add(message.getReplayDone().getHandle() + ":done");
                case COMMAND_ACK ->
                    words.add(message.getCommandAck().getHandle() + ":ack "
                            + message.getCommandAck().getNumber());
                case RETRY -> words.add(message.getRetry().getHandle() + ":retry");
                case INVALID -> words.add(message.getInvalid().getHandle() + ":invalid");
                case SUPERSEDED -> words.add(message.getSuperseded().getHandle() + ":superseded");
                case CLOSED -> words.add(message.getClosed().getHandle() + ":closed");
                case PARKED -> words.add(message.getParked().getHandle() + ":parked");
                case MOVED ->
                    words.add("moved"
                            + (message.getMoved().getHandlesCount() == 0
                                    ? ""
                                    : " " + message.getMoved().getHandlesList()));
                case ATTACHMENT -> words.add(message.getAttachment().getHandle() + ":attached");
                case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
            }
        }
        sent.clear();
        return words;
    }
}
