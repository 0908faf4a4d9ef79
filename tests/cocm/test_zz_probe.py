import re
from datetime import date
import pytest
from billing.people import MemberRole
from services.checks import verify
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, clinic_at_work
from tests.support.slack import words

async def setup(clinic, roles):
    def people(context: Context) -> None:
        names = {ANA: "Ana Flores", BEN: "Ben Okoro", SAM: "Sam Whitfield"}
        for user, rs in roles.items():
            context.uow.members.add(slack_user_id=user, display_name=names[user], roles=frozenset(rs))
        context.uow.commit()
    await clinic.program.practice.write(people)
CM, SUP, AD, BI, CO = MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR, MemberRole.ADMIN, MemberRole.BILLER, MemberRole.CONSULTANT

class Talk:
    def __init__(self, clinic): self.c=clinic
    async def cmd(self, who, text):
        p=self.c.slack.person(who)
        self.known={words(x) for x in p.messages()}
        ms=await p.command("/cocm "+text)
        print(f"\n>>> {who} /cocm {text}")
        for m in ms: print(show(m))
        return ms[0] if ms else None
    async def click(self, who, m, label):
        p=self.c.slack.person(who)
        self.known={words(x) for x in p.messages()}
        print(f"\n>>> {who} clicks [{label}]")
        try:
            ch=await p.click(m,label)
        except Exception as e:
            print("   !!", type(e).__name__, str(e)[:300]); return None
        for c in ch:
            print("   change:", c.type)
        ms=p.messages()
        new=[x for x in ms if words(x) not in self.known]
        last=new[-1] if new else None
        for x in new: print(show(x)); self.known.add(words(x))
        return last

def show(m):
    w=re.sub(r'\nActivity\n.*','',words(m),flags=re.S)
    return "   | "+w.replace("\n","\n   | ")

async def audit(clinic):
    r=await clinic.program.practice.read(lambda ctx: verify(ctx)) 
    print("AUDIT", r)

async def test_m(database):
    async with clinic_at_work(database, admins=SAM) as clinic:
        await setup(clinic,{ANA:{CM,SUP},BEN:{CM},SAM:{AD,BI}})
        t=Talk(clinic)
        r=await t.cmd(BEN,"15m MRN123 call")
        await t.cmd(ANA,"edit e-24 +10m")
        l=await t.cmd(ANA,"edit e-24 less 5m")
        await t.cmd(BEN,"edit e-24 patient MRN124 typo")
        await t.cmd(BEN,"add 10m")
        await t.cmd(BEN,"less 20m")
        o=await t.cmd(BEN,"15m MRN900 call on 10/20")
        await t.cmd(SAM,"close october")
        await t.cmd(BEN,"undo")
        await t.cmd(SAM,"roles @Ben Okoro add consultant")
        await t.cmd(SAM,"undo")
        await t.cmd(SAM,"unmerge MRN123")
        await t.cmd(ANA,"merge MRN123 into MRN123")
        await audit(clinic)
