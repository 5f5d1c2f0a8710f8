import{$ as e,G as t,I as n,L as r,O as i,P as a,Q as o,R as s,V as c,X as l,Z as u,ft as d,it as f,j as p,lt as m,ot as h,q as g,st as _,ut as v}from"./preload-helper-yVHpVhbl.js";import{c as y,f as b,i as x,j as S,n as C,o as w,t as T}from"./index-DUFcsmyl.js";import{t as E}from"./Code-B8pIH8NU.js";import{t as D}from"./Tabs-CfITrijZ.js";function O(e,r){_(r,!0);let i=new y;{let o=f(()=>i.copied?`check`:`copy`);S(e,{get icon(){return t(o)},onclick:()=>void i.copy(r.value),children:(e,t)=>{m();var o=c();g(()=>a(o,i.copied?b.parts.copied:r.label)),n(e,o)},$$slots:{default:!0}})}h()}function k(e,t){return[{key:`curl`,code:`HANAMI=${e}
TOKEN=$(curl -s "$HANAMI/control/v1/token" \\
  -d "{\\"id\\": \\"${t}\\", \\"password\\": \\"$HANAMI_PASSWORD\\"}" | jq -r .token)
curl -s "$HANAMI/control/v1/cluster/all" -H "X-Auth-Token: $TOKEN"
`},{key:`python`,code:`import os
from hanami_sdk import Hanami

hanami = Hanami("${e}", "${t}", os.environ["HANAMI_PASSWORD"])
for cluster in hanami.clusters():
    print(cluster.name)
`},{key:`go`,code:`package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"hanami.local/sdk/hanami"
)

func main() {
	ctx := context.Background()
	client, err := hanami.Connect(ctx, "${e}", "${t}", os.Getenv("HANAMI_PASSWORD"))
	if err != nil {
		log.Fatal(err)
	}
	clusters, err := client.Clusters(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, cluster := range clusters {
		fmt.Println(cluster.Name)
	}
}
`},{key:`javascript`,code:`import { Hanami } from "hanami-sdk";

const hanami = await Hanami.connect("${e}", {
  user: "${t}",
  password: process.env.HANAMI_PASSWORD,
});
for (const { name } of await hanami.clusters.list()) {
  console.log(name);
}
`},{key:`cli`,code:`export HANAMI_ADDRESS=${e}
hanamictl login --user ${t}
hanamictl cluster list
`}]}var A=s(`<p class="warning svelte-1c4a69b"> </p>`),j=s(`<div class="stack"><p class="soft words svelte-1c4a69b"> </p> <!> <div><!></div></div>`),M=s(`<!> <div class="stack"><section class="panel svelte-1c4a69b"><h2 class="soft small"> </h2> <!> <!></section> <div><!></div> <p class="soft"> <a href="/api"> </a></p></div>`,1);function N(s,y){_(y,!0);let S=b.connect,N=location.origin,P=f(()=>k(N,T.identity?.id??``)),F=f(()=>t(P).map(({key:e})=>({key:e,label:S[e].label}))),I=f(()=>t(F).find(({key:e})=>e===C.query.get(`tab`))?.key??`curl`),L=isSecureContext;var R=M(),z=u(R);x(z,{get heading(){return S.heading},children:(e,t)=>{m();var r=c();g(()=>a(r,S.above)),n(e,r)},$$slots:{default:!0}});var B=e(z,2),V=l(B),H=l(V),U=o(H,!0),W=e(H,2);w(W,{get value(){return N}});var G=e(W,2),K=e=>{var t=A(),r=o(t,!0);g(()=>a(r,S.insecure)),n(e,t)};p(G,e=>{L||e(K)}),v(V);var q=e(V,2),J=l(q);D(J,{get label(){return S.tabs},get tabs(){return t(F)},get value(){return t(I)},onchange:e=>C.keep(`tab`,e),children:(s,c=d)=>{var p=r(),m=u(p);i(m,17,()=>t(P).filter(({key:e})=>e===c()),({key:e,code:t})=>e,(r,i)=>{let s=()=>t(i).key,c=()=>t(i).code;var u=j(),d=l(u),p=o(d,!0),m=e(d,2);{let e=f(()=>S.code(S[s()].label));E(m,{get label(){return t(e)},get value(){return c()}})}var h=e(m,2);O(l(h),{get value(){return c()},get label(){return S.copyAll}}),v(h),v(u),g(()=>a(p,S[s()].words)),n(r,u)}),n(s,p)},$$slots:{default:!0}}),v(q);var Y=e(q,2),X=l(Y),Z=e(X),Q=o(Z,!0);v(Y),v(B),g(()=>{a(U,S.address),a(X,`${S.moreWords??``} `),a(Q,S.more)}),n(s,R),h()}export{N as default};