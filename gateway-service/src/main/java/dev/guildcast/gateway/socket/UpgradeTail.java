package dev.guildcast.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.List;
import reactor.netty.NettyPipeline;

/// Holds what a client sends behind its upgrade request without waiting for the response, until it is known who reads
/// it: the WebSocket decoder after the upgrade, or the HTTP decoder after a refusal. Without it, the HTTP decoder takes
/// those bytes for a further request, and they are lost.
///
/// It stands before the HTTP decoder and passes bytes on up to the end of a request's head at a time, so that it learns
/// of an upgrade before the decoder has seen a byte of what follows. After the upgrade it leaves the pipeline.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** [#HELD_BYTES_MAX]; beyond it the channel is closed.
/// - **Promise:** bytes are passed on in their order, none twice.
final class UpgradeTail extends ChannelInboundHandlerAdapter {
    /// One read of the transport, which is more than any client sends before it knows that it is connected.
    private static final int HELD_BYTES_MAX = 64 * 1024;

    private static final String NAME = "guildcast.upgrade-tail";
    private static final String WATCHER = "guildcast.upgrade-watcher";

    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private int heldBytes;
    private boolean holding;
    /// Whether only carriage returns have followed the last line feed: one more line feed ends the head.
    private boolean atLineStart;

    private UpgradeTail() {}

    /// Adds it to the pipeline of a channel that speaks HTTP/1.1.
    static void addTo(ChannelPipeline pipeline) {
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            var tail = new UpgradeTail();
            pipeline.addBefore(NettyPipeline.HttpCodec, NAME, tail);
            pipeline.addAfter(NettyPipeline.HttpCodec, WATCHER, tail.new UpgradeWatcher());
        }
    }

    /// The WebSocket handlers are in place: passes them what is held, and leaves the pipeline.
    static void replay(ChannelPipeline pipeline) {
        if (pipeline.get(NAME) instanceof UpgradeTail tail) {
            pipeline.remove(WATCHER);
            pipeline.remove(tail);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        while (!holding) {
            int length = lengthUpToHeadEnd(bytes);
            if (length == bytes.readableBytes()) {
                context.fireChannelRead(bytes);
                return;
            }
            context.fireChannelRead(bytes.readRetainedSlice(length));
        }
        if (context.isRemoved()) {
            // What was passed on has closed the channel.
            bytes.release();
            return;
        }
        held.add(bytes);
        heldBytes += bytes.readableBytes();
        if (heldBytes > HELD_BYTES_MAX) {
            releaseHeld();
            var unused = context.close();
        }
    }

    /// The number of readable bytes up to and with the next empty line; all of them when there is none.
    private int lengthUpToHeadEnd(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            byte next = bytes.getByte(i);
            if (next == '\n') {
                if (atLineStart) {
                    atLineStart = false;
                    return i + 1 - bytes.readerIndex();
                }
                atLineStart = true;
            } else if (next != '\r') {
                atLineStart = false;
            }
        }
        return bytes.readableBytes();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (context.channel().isActive() && !held.isEmpty()) {
            held.forEach(context::fireChannelRead);
            held.clear();
            context.fireChannelReadComplete();
        } else {
            releaseHeld();
        }
    }

    private void releaseHeld() {
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
    }

    /// Stands behind the HTTP codec: learns of upgrade requests and of their refusal.
    private final class UpgradeWatcher extends ChannelDuplexHandler {
        private boolean refused;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request && isUpgradeWithoutBody(request)) {
                holding = true;
            }
            context.fireChannelRead(message);
        }

        /// A request with a body is refused, and its body must reach the decoder.
        private static boolean isUpgradeWithoutBody(HttpRequest request) {
            return HttpMethod.GET.equals(request.method())
                    && UpgradeRequest.hasToken(request.headers().getAll(HttpHeaderNames.UPGRADE), "websocket")
                    && !HttpUtil.isTransferEncodingChunked(request)
                    && List.of("0").containsAll(request.headers().getAll(HttpHeaderNames.CONTENT_LENGTH));
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response) {
                refused = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
            }
            boolean ends = holding && refused && message instanceof LastHttpContent;
            var unused = context.write(message, promise);
            if (ends) {
                context.executor().execute(() -> passOnToHttp(context));
            }
        }

        private void passOnToHttp(ChannelHandlerContext context) {
            holding = false;
            var before = context.pipeline().context(UpgradeTail.this);
            if (before == null) {
                return;
            }
            int count = held.size();
            heldBytes = 0;
            for (int i = 0; i < count; i++) {
                UpgradeTail.this.channelRead(before, held.remove());
            }
            before.fireChannelReadComplete();
        }
    }
}
