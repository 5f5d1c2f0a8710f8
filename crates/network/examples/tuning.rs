//! Scratch.
use std::fs; use std::io::Read; use std::time::Instant;
use flate2::read::MultiGzDecoder;
use hanami_network::{Network, template::Template};
fn idx(p:&str,h:usize)->Vec<u8>{let mut b=Vec::new();MultiGzDecoder::new(fs::File::open(p).unwrap()).read_to_end(&mut b).unwrap();b[h..].to_vec()}
fn main(){
 let env=|n:&str,d:f32|std::env::var(n).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
 let d="/tmp/acc/datasets/mnist/";
 let x:Vec<f32>=idx(&format!("{d}train-images-idx3-ubyte.gz"),16).iter().map(|&v|v as f32).collect();
 let y=idx(&format!("{d}train-labels-idx1-ubyte.gz"),8);
 let (tx,ty)= (&x[50000*784..],&y[50000..]);
 let seeds=env("SEEDS",3.0) as u64; let epochs=env("EPOCHS",1.0) as usize; let exp=env("EXP",2000.0) as u32; let hidden=env("HIDDEN",400.0) as u32;
 let handles:Vec<_>=(1..=seeds).map(|seed|{
  let run=move |x:&[f32],y:&[u8],tx:&[f32],ty:&[u8]|{
   let t=format!("version: 1\nsettings:\n    seed: {seed}\n    experience: {exp}\nbricks:\n    1,1,1\n        input: p\n        number_of_neurons: 784\n    2,1,1\n        number_of_neurons: {hidden}\n    3,1,1\n        output: d\n        number_of_neurons: 10\n");
   let mut n=Network::new(&Template::parse(&t).unwrap()).unwrap(); let mut out=[0f32;10]; let mut accs=vec![];
   for _ in 0..epochs{ let s=cpu_time::ThreadTime::now();
    for i in 0..50000{let mut t=[0f32;10];t[y[i] as usize]=1.0;n.train(&x[i*784..][..784],&t,&mut out).unwrap();}
    let tt=s.elapsed().as_secs_f64()/50000.0*1e6; let mut r=0;
    let s=cpu_time::ThreadTime::now();
    for i in 0..10000{n.predict(&tx[i*784..][..784],&mut out).unwrap(); let b=(0..10).max_by(|&a,&b|out[a].total_cmp(&out[b])).unwrap(); r+=usize::from(b==ty[i] as usize);}
    let pt=s.elapsed().as_secs_f64()/10000.0*1e6;
    accs.push((r as f64/100.0,tt,pt)); }
   accs}; 
  run(&x[..50000*784],&y[..50000],tx,ty)}).collect();
 let _=Instant::now();
 for e in 0..epochs{ if epochs<=3||e==0||e==2||e==4||e==9||e+1==epochs {
  let m=handles.iter().map(|a|a[e].0).sum::<f64>()/seeds as f64; let t=handles.iter().map(|a|a[e].1).sum::<f64>()/seeds as f64;let p=handles.iter().map(|a|a[e].2).sum::<f64>()/seeds as f64;
  print!("e{}: {:.3} ({}) {:.1}us p{:.1} | ",e+1,m,handles.iter().map(|a|format!("{:.2}",a[e].0)).collect::<Vec<_>>().join(" "),t,p);}}
 println!();
}
