"""Seals the audit chain: looks over what was added since the last seal, and gives a keyed word for all of it."""

from dataclasses import dataclass

from services.context import Context, Practice
from services.errors import Refusal
from storage import SEALED, AlreadyExists, Contention, Head, Seal


class ChainBroken(Refusal):
    """What was added to the chain since the last seal does not hold, so it is not sealed."""

    code = "chain_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A chain that holds up to its end, and is to be sealed there."""

    seal: Seal | None
    head: Head


def look(context: Context) -> Looked | None:
    """Walk what was added since the last seal; None where nothing was.

    Raises:
        ChainBroken: when it does not hold, with the first place.
    """
    seal = context.uow.seals.last()
    head = context.uow.chain.head()
    # After a key was lost, today's has to vouch for what the last seal says.
    is_known = seal is None or context.uow.audit.keys.knows(seal.mac)
    if is_known and head.seq == (seal.seq if seal else 0):
        return None
    after = Head(seq=seal.seq, hash=seal.hash, at=seal.at) if seal else Head(seq=0, hash="", at=None)
    return Looked(seal=seal, head=_walked(context, after))


def keep(context: Context, looked: Looked) -> Seal | None:
    """Write the seal; None where another program was faster, or there is no key.

    The event that it ends with says that it is there, so that it is missed when it is taken out.

    Raises:
        ChainBroken: when what came since somebody looked does not hold.
    """
    if not context.uow.audit.keys or context.uow.seals.last() != looked.seal:
        return None
    n = looked.seal.n + 1 if looked.seal else 1
    context.uow.audit.record(at=context.now, actor=None, action=SEALED, subject=f"seal:{n}")
    # From here on others who write wait for the end of the chain.
    context.uow.audit.write()
    head = _walked(context, looked.head)
    seal = context.uow.seals.add(looked.seal, head.seq, head.hash, context.now)
    context.uow.commit()
    return seal


def _walked(context: Context, after: Head) -> Head:
    walk = context.uow.chain.walk(after)
    for _ in walk:
        pass
    found = walk.result()
    if found.findings:
        raise ChainBroken(
            f"The audit chain does not hold: {found.findings[0].message}. It is not sealed. Run: cocm audit verify"
        )
    return found.head


async def seal_chain(practice: Practice) -> Seal | None:
    """Seal what was added since the last seal; None where there is nothing to seal, or no key.

    Raises:
        ChainBroken: when it does not hold.
    """
    if not practice.database.is_keyed:
        return None
    looked = await practice.read(look)
    if looked is None:
        return None
    try:
        return await practice.write(keep, looked)
    except (AlreadyExists, Contention):
        # One sealer is enough.
        return None
