package dev.guildcast.fanout.delivery;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.fanout.audience.PermissionRules;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.JsonText;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.shard.Outputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// Answers a request for members (op 8) with GUILD_MEMBERS_CHUNK dispatches, or not at all.
///
/// Chunks hold exactly 1000 members but for the last, in the order of user ids; presences are filled in when a chunk is
/// sent.
public final class MemberChunks {
    static final int CHUNK_MEMBERS = 1000;
    static final int QUERY_LIMIT_MAX = 100;
    static final int USER_IDS_MAX = 100;

    private static final int NONCE_BYTES_MAX = 32;
    private static final String TYPE = "GUILD_MEMBERS_CHUNK";

    private final PresenceView presences;
    private final DeliveryBatcher batcher;

    /// Whom a request found, and the ids that no member has; these are absent unless ids were asked for.
    private record Found(List<Member> members, List<String> notFound, boolean byId) {}

    public MemberChunks(PresenceView presences, DeliveryBatcher batcher) {
        this.presences = presences;
        this.batcher = batcher;
    }

    public void answer(GuildView view, Subscription session, MembersRequest request, long nowMillis, Outputs out) {
        Found found;
        if (request.getUserIdsCount() > 0) {
            if (request.getUserIdsCount() > USER_IDS_MAX) {
                return;
            }
            found = byId(view, request.getUserIdsList());
        } else if (!request.hasQuery()) {
            return;
        } else if (request.getQuery().isEmpty() && request.getLimit() == 0) {
            if (!mayListAll(view, session, nowMillis)) {
                return;
            }
            found = new Found(new ArrayList<>(view.members().values()), List.of(), false);
        } else {
            found = byPrefix(view, request);
        }
        boolean showPresences = request.getPresences() && session.wants(Intents.GUILD_PRESENCES);
        boolean nonce =
                request.hasNonce() && request.getNonce().getBytes(StandardCharsets.UTF_8).length <= NONCE_BYTES_MAX;
        int chunks = Math.max(1, (found.members.size() + CHUNK_MEMBERS - 1) / CHUNK_MEMBERS);
        for (int i = 0; i < chunks; i++) {
            int index = i;
            List<Member> members =
                    found.members.subList(i * CHUNK_MEMBERS, Math.min(found.members.size(), (i + 1) * CHUNK_MEMBERS));
            batcher.late(
                    out,
                    view.id(),
                    session,
                    TYPE,
                    () -> text(
                            view,
                            new Found(members, found.notFound, found.byId),
                            index,
                            chunks,
                            showPresences,
                            nonce ? request.getNonce() : null),
                    1024 + 512 * members.size());
        }
    }

    private byte[] text(
            GuildView view,
            Found found,
            int index,
            int count,
            boolean showPresences,
            @org.jspecify.annotations.Nullable String nonce) {
        var out = new JsonText()
                .open('{')
                .name("guild_id")
                .id(view.id())
                .name("members")
                .open('[');
        found.members.forEach(member -> EntityText.member(out, member, view));
        out.close(']').name("chunk_index").number(index).name("chunk_count").number(count);
        if (found.byId) {
            out.name("not_found").open('[');
            found.notFound.forEach(out::string);
            out.close(']');
        }
        if (showPresences) {
            out.name("presences").open('[');
            GuildCreate.presences(
                    out, found.members.stream().map(Member::userId).toList(), presences);
            out.close(']');
        }
        if (nonce != null) {
            out.name("nonce").string(nonce);
        }
        return out.close('}').toBytes();
    }

    /// Bots by their intent; other users also need to be able to manage members.
    private static boolean mayListAll(GuildView view, Subscription session, long nowMillis) {
        Member member = view.member(session.userId());
        if (member == null || !session.wants(Intents.GUILD_MEMBERS)) {
            return false;
        }
        long held = PermissionRules.of(view, member, null, nowMillis, PermissionRules.Steps.NONE);
        return member.bot()
                || (held & (Permissions.MANAGE_ROLES | Permissions.KICK_MEMBERS | Permissions.BAN_MEMBERS)) != 0;
    }

    private static Found byId(GuildView view, List<String> ids) {
        var members = new ArrayList<Member>();
        var notFound = new ArrayList<String>();
        for (String id : new LinkedHashSet<>(ids)) {
            Member member = id.matches("\\d{1,19}") ? view.member(parse(id)) : null;
            if (member == null) {
                notFound.add(id);
            } else {
                members.add(member);
            }
        }
        return new Found(members, notFound, true);
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }

    private static Found byPrefix(GuildView view, MembersRequest request) {
        String prefix = request.getQuery().toLowerCase(Locale.ROOT);
        int asked = request.getLimit();
        int limit = asked <= 0 ? QUERY_LIMIT_MAX : Math.min(asked, QUERY_LIMIT_MAX);
        var members = new ArrayList<Member>();
        for (Member member : view.members().values()) {
            if (members.size() == limit) {
                break;
            }
            if (member.username().startsWith(prefix) || member.nick().startsWith(prefix)) {
                members.add(member);
            }
        }
        return new Found(members, List.of(), false);
    }
}
